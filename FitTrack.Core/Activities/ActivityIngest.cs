using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Activities;

/// <summary>What a batch of records came to.</summary>
/// <param name="Changed">Records that said something new.</param>
/// <param name="Unchanged">Records that were here already, or older than what is.</param>
public sealed record IngestResult(int Changed, int Unchanged);

/// <summary>
/// Turns providers' records into activities, points and board scores, exactly once, whatever the order and however often
/// they come. It reads the state of all members of a batch in a few queries and writes with as few.
/// </summary>
/// <remarks>
/// Runs in the caller's transaction, with a context that tracks nothing unsaved. When another process scored one of the
/// members meanwhile, saving fails with an exception for which <see cref="DbErrors.IsLostRace"/> (or, for a first row,
/// <see cref="DbErrors.IsUniqueViolation"/>) is true: roll back and apply the batch again.
/// </remarks>
public sealed class ActivityIngest(
    FitTrackDbContext db, ScoringMembers members, PrimaryTrackers primaries, ScoreBoard boards,
    CompetitionCalendar calendar, Admission admission, IOptions<PointsOptions> points, IOptions<ActivityOptions> limits, TimeProvider clock)
{
    /// <summary>Values in one list; Oracle takes 1,000.</summary>
    private const int ListSize = 900;

    public async Task<IngestResult> ApplyAsync(IReadOnlyList<TrackerRecord> records, CancellationToken ct)
    {
        var known = await DaysOfKnownAsync(records, ct);
        var touched = records.Select(r => (r.UserId, Day: DayOf(r)))
            .Concat(records.Where(r => known.ContainsKey((r.Origin.Source, r.NaturalId))).Select(r => (r.UserId, Day: known[(r.Origin.Source, r.NaturalId)])))
            .ToLookup(t => t.UserId, t => t.Day);
        var states = await LoadAsync(touched, ct);

        var changed = 0;
        foreach (var record in records)
        {
            if (states.TryGetValue(record.UserId, out var member) && member.Apply(record))
                changed++;
        }

        await SaveAsync(states.Values, ct);
        return new IngestResult(changed, records.Count - changed);
    }

    /// <summary>Scores what waited for the member's profile, or came within the last days before it (domain section 3).</summary>
    /// <returns>How many activities no longer wait.</returns>
    public async Task<int> ScoreWaitingAsync(Guid userId, CancellationToken ct)
    {
        var waiting = await db.Set<Activity>().AsNoTracking()
            .Where(a => a.UserId == userId && a.Admission == ScoreDecision.NoProfileYet)
            .OrderBy(a => a.CreatedAt).ThenBy(a => a.Id).Select(a => new { a.Id, a.CompetitionDay }).ToListAsync(ct);
        if (waiting.Count == 0)
            return 0;

        var states = await LoadAsync(waiting.ToLookup(_ => userId, w => w.CompetitionDay), ct);
        if (!states.TryGetValue(userId, out var member) || !member.HasTier)
            return 0;
        foreach (var activity in waiting)
            member.Readmit(activity.Id);
        await SaveAsync(states.Values, ct);
        return waiting.Count;
    }

    /// <summary>A person's decision on one activity; its day is scored anew.</summary>
    /// <returns>False when the member has no such activity.</returns>
    internal async Task<bool> DecideAsync(Guid userId, Guid activityId, Action<MemberDays> decide, CancellationToken ct)
    {
        var day = await db.Set<Activity>().Where(a => a.Id == activityId && a.UserId == userId && a.Status != ActivityStatus.Deleted).Select(a => (DateOnly?)a.CompetitionDay).SingleOrDefaultAsync(ct);
        if (day is null)
            return false;
        var states = await LoadAsync(new[] { day.Value }.ToLookup(_ => userId), ct);
        decide(states[userId]);
        await SaveAsync(states.Values, ct);
        return true;
    }

    /// <summary>An administrator's decision: the correction that a day holds back is booked, below zero if need be.</summary>
    /// <returns>False when the member's day holds none back.</returns>
    public async Task<bool> ReleaseCorrectionAsync(Guid userId, DateOnly day, string key, string reason, CancellationToken ct)
    {
        if (!await db.Set<PointDay>().AnyAsync(d => d.UserId == userId && d.CompetitionDay == day && d.HeldCorrection != 0, ct))
            return false;
        var states = await LoadAsync(new[] { day }.ToLookup(_ => userId), ct);
        states[userId].Release(day, key, reason);
        await SaveAsync(states.Values, ct);
        return true;
    }

    private DateOnly DayOf(TrackerRecord record) => record.LabelledDay ?? calendar.DayOf(record.StartedAt);

    /// <summary>A later version may lie on another day: then both days change.</summary>
    private async Task<Dictionary<(string Source, string NaturalId), DateOnly>> DaysOfKnownAsync(IReadOnlyList<TrackerRecord> records, CancellationToken ct)
    {
        var days = new Dictionary<(string, string), DateOnly>();
        foreach (var ids in records.Select(r => r.NaturalId).Distinct(StringComparer.Ordinal).Chunk(ListSize))
        {
            foreach (var known in await db.Set<Activity>().Where(a => ids.Contains(a.NaturalId)).Select(a => new { a.Source, a.NaturalId, a.CompetitionDay }).ToListAsync(ct))
                days[(known.Source, known.NaturalId)] = known.CompetitionDay;
        }

        return days;
    }

    private async Task<Dictionary<Guid, MemberDays>> LoadAsync(ILookup<Guid, DateOnly> touched, CancellationToken ct)
    {
        var states = new Dictionary<Guid, MemberDays>();
        var now = clock.Now();
        var rules = new ScoringRules(calendar, points.Value, admission, new DayJudge(limits.Value.OverlapToleranceSeconds));
        // Members whose days lie alike share their queries: a batch of today's data needs one of each kind.
        foreach (var sameDays in touched.GroupBy(g => (First: g.Min(), Last: g.Max())))
        {
            foreach (var users in sameDays.Select(g => g.Key).Chunk(ListSize))
            {
                var (first, last) = (sameDays.Key.First.AddDays(-MemberDays.Reach - 1), sameDays.Key.Last.AddDays(MemberDays.Reach + 1));
                var found = await members.LoadAsync(users, ct);
                var balances = await db.Set<PointBalance>().Where(b => users.Contains(b.UserId)).ToDictionaryAsync(b => b.UserId, ct);
                var primary = await primaries.LoadAsync(users, ct);
                var activities = (await db.Set<Activity>().AsNoTracking().Where(a => users.Contains(a.UserId) && a.CompetitionDay >= first && a.CompetitionDay <= last).ToListAsync(ct)).ToLookup(a => a.UserId);
                var days = (await db.Set<PointDay>().Where(d => users.Contains(d.UserId) && d.CompetitionDay >= first && d.CompetitionDay <= last).ToListAsync(ct)).ToLookup(d => d.UserId);
                foreach (var member in found.Values)
                {
                    var balance = balances.GetValueOrDefault(member.UserId) ?? db.Add(PointBalance.Open(member.UserId)).Entity;
                    var history = primary.GetValueOrDefault(member.UserId);
                    states.Add(member.UserId, new MemberDays(db, rules, member, balance, activities[member.UserId], days[member.UserId], day => history?.On(day), now));
                }
            }
        }

        return states;
    }

    private async Task SaveAsync(IReadOnlyCollection<MemberDays> states, CancellationToken ct)
    {
        // One save for all of it: who lost the race for a member's balance row writes no score either.
        await boards.AddRangeAsync([.. states.SelectMany(s => s.Changes)], ct);
        await BulkSave.SaveAsync(db, ct);
    }
}
