using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>What a member allows themselves, as in force now.</summary>
/// <param name="WeeklySpendingLimit">Points a competition week for tickets; null for none.</param>
/// <param name="PendingSpendingLimit">Holds from <paramref name="PendingFrom"/>; null with a time means none.</param>
/// <param name="CoolOffUntil">Null when not cooling off.</param>
/// <param name="SelfExcluded">Excluded now; for good when <paramref name="SelfExcludedUntil"/> is null.</param>
public sealed record LimitsView(int? WeeklySpendingLimit, int? PendingSpendingLimit, DateTimeOffset? PendingFrom, DateTimeOffset? CoolOffUntil, bool SelfExcluded, DateTimeOffset? SelfExcludedUntil);

/// <summary>What a member wants. The spending limit is replaced; a pause or exclusion is only ever begun or made longer.</summary>
/// <param name="CoolOffUntil">Null leaves it.</param>
/// <param name="Exclude">Excludes until <paramref name="ExcludeUntil"/>, or for good.</param>
public sealed record LimitsChange(int? WeeklySpendingLimit, DateTimeOffset? CoolOffUntil, bool Exclude, DateTimeOffset? ExcludeUntil);

/// <summary>How a change of limits ended.</summary>
public abstract record LimitsOutcome
{
    private LimitsOutcome()
    {
    }

    public sealed record Changed(LimitsView Limits) : LimitsOutcome;

    public sealed record Invalid(IReadOnlyList<InvalidField> Fields) : LimitsOutcome;

    /// <summary>A pause or an exclusion in force would end sooner.</summary>
    public sealed record CannotShorten : LimitsOutcome;

    /// <summary>Another change came first.</summary>
    public sealed record Conflict : LimitsOutcome;
}

/// <summary>Spending limit, cool-off and self-exclusion (domain section 5). What protects holds at once; what loosens waits.</summary>
public sealed class SelfLimits(FitTrackDbContext db, IOptions<AccountsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    public async Task<LimitsView> ShowAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        return View(await db.Set<MemberLimits>().AsNoTracking().SingleOrDefaultAsync(l => l.UserId == userId, ct) ?? MemberLimits.None(userId, now), now);
    }

    public async Task<LimitsOutcome> ChangeAsync(Guid userId, LimitsChange change, CancellationToken ct)
    {
        var now = clock.Now();
        var problems = Problems(change, now).ToList();
        if (problems.Count > 0)
            return new LimitsOutcome.Invalid(problems);

        var limits = await db.Set<MemberLimits>().SingleOrDefaultAsync(l => l.UserId == userId, ct) ?? db.Add(MemberLimits.None(userId, now)).Entity;
        if (change.CoolOffUntil < limits.CoolOffUntil && limits.IsCoolingOff(now))
            return new LimitsOutcome.CannotShorten();
        if (change.Exclude && limits.IsSelfExcluded(now) && change.ExcludeUntil is { } until && (limits.SelfExcludedUntil is null || until < limits.SelfExcludedUntil))
            return new LimitsOutcome.CannotShorten();

        // The same wish once more must not begin its wait anew.
        var wished = limits.PendingFrom > now ? limits.PendingSpendingLimit : limits.SpendingLimit(now);
        if (change.WeeklySpendingLimit != wished)
            limits.LimitSpending(change.WeeklySpendingLimit, options.Value.LimitRaiseDelay, now);
        if (change.CoolOffUntil is { } coolOff)
            limits.CoolOff(coolOff, now);
        if (change.Exclude)
            limits.Exclude(change.ExcludeUntil, now);
        try
        {
            await db.SaveChangesAsync(ct);
            return new LimitsOutcome.Changed(View(limits, now));
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(e))
        {
            return new LimitsOutcome.Conflict();
        }
    }

    private static IEnumerable<InvalidField> Problems(LimitsChange change, DateTimeOffset now)
    {
        if (change.WeeklySpendingLimit < 0)
            yield return new InvalidField("weeklySpendingLimit", "A limit is 0 or more points a week.");
        if (change.CoolOffUntil is { } coolOff && (coolOff <= now || coolOff > now + Longest))
            yield return new InvalidField("coolOffUntil", "A pause ends in the future, within ten years.");
        if (change.ExcludeUntil is { } until && (until <= now || until > now + Longest))
            yield return new InvalidField("selfExclusion.until", "An exclusion ends in the future, within ten years, or never.");
    }

    private static LimitsView View(MemberLimits limits, DateTimeOffset now)
    {
        var waits = limits.PendingFrom > now;
        return new LimitsView(
            limits.SpendingLimit(now), waits ? limits.PendingSpendingLimit : null, waits ? limits.PendingFrom : null,
            limits.IsCoolingOff(now) ? limits.CoolOffUntil : null,
            limits.IsSelfExcluded(now), limits.IsSelfExcluded(now) ? limits.SelfExcludedUntil : null);
    }
}
