using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Connecting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Seeding;

/// <summary>A member that is stored, with the tracker their efforts come from.</summary>
internal sealed record DemoMember(Guid Id, DemoPerson Person, RecordOrigin Origin);

/// <summary>Brings the demo's people into the system: account, profile, tier, trackers.</summary>
internal sealed class DemoMembers(SeedOptions options)
{
    private readonly List<DemoMember> _members = [];

    public IReadOnlyList<DemoMember> All => _members;

    public void PlanTo(SeedTimeline timeline, DateTimeOffset now, DateOnly today)
    {
        var hash = Bcrypt.Hash(DemoAccounts.Password, BcryptCost);
        foreach (var (i, person) in DemoPeople.Make(options, today).Index())
            timeline.At(now.AddDays(-person.JoinedDaysAgo).AddMinutes(i), (services, ct) => JoinAsync(services, i, person, hash, ct));
    }

    /// <summary>Cost of the one hash that all demo accounts share; they have a published password anyway.</summary>
    private const int BcryptCost = 10;

    private async Task JoinAsync(IServiceProvider services, int i, DemoPerson person, string hash, CancellationToken ct)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        var now = services.GetRequiredService<TimeProvider>().Now();
        var today = services.GetRequiredService<CompetitionCalendar>().DayOf(now);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var user = Register(person, hash, now);
        var profile = Profile.Create(user.Id, Details(person), person.DateOfBirth, today, now);
        db.AddRange(user, profile);
        services.GetRequiredService<MemberTiers>().Begin(profile, today, now);
        await db.SaveChangesAsync(ct);
        var origin = await ConnectAsync(services, db, i, user.Id, now, ct);
        await transaction.CommitAsync(ct);
        _members.Add(new DemoMember(user.Id, person, origin));
    }

    private async Task<RecordOrigin> ConnectAsync(IServiceProvider services, FitTrackDbContext db, int i, Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        var connections = services.GetRequiredService<TrackerConnections>();
        var tracker = DemoTrackers.Of(options.Seed, i);
        await connections.ConnectAsync(userId, TrackerService.Terra, tracker.Provider, tracker.Account, null, now, ct);
        if (DemoTrackers.BesideOf(options.Seed, i) is { } beside)
            await connections.ConnectAsync(userId, beside.Service, beside.Provider, beside.Account, null, TokensOf(beside, services.GetRequiredService<TrackerSecrets>(), now), now, ct);

        await db.SaveChangesAsync(ct);
        var connection = await db.Set<ProviderConnection>().SingleAsync(c => c.UserId == userId && c.Provider == tracker.Provider, ct);
        return new RecordOrigin(connection.Id, tracker.Provider, connection.ConnectedAt, MayScore: true);
    }

    /// <summary>Strava's access has ended, so that the first synchronisation renews it.</summary>
    private static ProtectedTokens? TokensOf(DemoSource source, TrackerSecrets secrets, DateTimeOffset now) => source switch
    {
        { Secret: null } => null,
        { Service: TrackerService.Strava } => secrets.Seal("ended", source.Secret, now),
        _ => secrets.Seal(source.Secret, null, null),
    };

    private static User Register(DemoPerson person, string hash, DateTimeOffset now)
    {
        var email = EmailAddress.TryParse(person.Email, out var parsed) ? parsed : throw new InvalidOperationException($"'{person.Email}' is no e-mail address.");
        var user = User.Register(email, hash, person.DateOfBirth, person.State, now);
        user.VerifyEmail(now);
        if (person.Role != UserRole.User)
            user.ChangeRole(person.Role, now);
        return user;
    }

    private static ProfileDetails Details(DemoPerson person) => new(
        DisplayName.TryParse(person.DisplayName, out var name) ? name : throw new InvalidOperationException($"'{person.DisplayName}' is no display name."),
        person.Sex, person.Level, person.TimeZone, person.Open, person.Hidden ? ProfileVisibility.Hidden : ProfileVisibility.Public);
}
