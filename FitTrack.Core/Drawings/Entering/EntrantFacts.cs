using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>What an entry needs to know of a member, besides the balance.</summary>
public sealed record EntrantFacts(MemberStanding Member, bool StateIsEligible);

/// <summary>Members who are buying, remembered for two seconds per process and forgotten at once when the bus tells of a change.</summary>
public sealed class EntrantFactsCache : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private readonly BriefCache<EntrantFacts> _cache;
    private readonly IDisposable _subscription;

    public EntrantFactsCache(IMessageBus bus, TimeProvider clock)
    {
        _cache = new BriefCache<EntrantFacts>(clock, Kept);
        _subscription = bus.Subscribe(BusTopics.Member, _cache.Forget, _cache.Clear);
    }

    public bool TryGet(Guid userId, out EntrantFacts facts) => _cache.TryGet(userId, out facts);

    public void Keep(EntrantFacts facts) => _cache.Keep(facts.Member.UserId, facts);

    public void Dispose() => _subscription.Dispose();
}

/// <summary>Decides whether a member may enter a drawing (domain section 5).</summary>
public sealed class EntrantEligibility(MemberStandings standings, StateEligibility states, EntrantFactsCache cache, CompetitionCalendar calendar, TimeProvider clock)
{
    /// <summary>The member's facts, and why the member may not enter; no reason when they may.</summary>
    public async ValueTask<(EntrantFacts? Facts, string? Refusal)> CheckAsync(DrawingFacts drawing, Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        if (!cache.TryGet(userId, out var facts))
        {
            if (await standings.FindAsync(userId, ct) is not { } member) return (null, "Not eligible: there is no such account");
            facts = new EntrantFacts(member, await states.IsEligibleAsync(member.State, calendar.DayOf(now), ct));
            cache.Keep(facts);
        }

        return (facts, Refusal(drawing, facts, calendar.DayOf(now), now));
    }

    private static string? Refusal(DrawingFacts drawing, EntrantFacts facts, DateOnly today, DateTimeOffset now)
    {
        var member = facts.Member;
        return member switch
        {
            { Status: not UserStatus.Active } or { EmailVerified: false } => "Not eligible: the account is not active with a verified e-mail address",
            { IsSelfExcluded: true } => "You have excluded yourself from drawings",
            { IsCoolingOff: true } => "You are taking a break from drawings",
            _ when !facts.StateIsEligible => $"Not eligible: drawings are not offered to residents of {member.State}",
            _ when member.DateOfBirth.AddYears(drawing.MinAge) > today => $"Not eligible: entrants must be {drawing.MinAge} or older",
            _ when member.CreatedAt.AddDays(drawing.MinAccountAgeDays) > now => $"Not eligible: the account must be at least {drawing.MinAccountAgeDays} days old",
            _ when !Takes(drawing.EligibleUsers, member.Role) => "Not eligible: this drawing is for other members",
            _ => null,
        };
    }

    private static bool Takes(EligibleUsers users, UserRole role) => users switch
    {
        EligibleUsers.User => role == UserRole.User,
        EligibleUsers.Premium => role == UserRole.Premium,
        _ => true,
    };
}
