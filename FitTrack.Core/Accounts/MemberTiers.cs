using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>
/// Moves members between tiers. The boards follow at once; the points of a day keep the tier of its midnight, so a change of the
/// profile counts there from tomorrow and a birthday from its own day.
/// </summary>
public sealed class MemberTiers(FitTrackDbContext db, ScoreBoard board, CompetitionCalendar calendar, IMessageBus bus, TimeProvider clock)
{
    /// <summary>The first complete profile: its tier counts from today, and for the days before that still may score.</summary>
    internal void Begin(Profile profile, DateOnly today, DateTimeOffset now) =>
        db.Add(TierHistoryEntry.From(profile.UserId, today, profile.TierCode, now));

    /// <summary>Recomputes after a change of the profile; call it inside the transaction of the change.</summary>
    internal async Task FollowAsync(Profile profile, DateOnly dateOfBirth, DateTimeOffset now, CancellationToken ct)
    {
        var today = calendar.DayOf(now);
        if (profile.Recompute(dateOfBirth, today, now))
            await MoveAsync(profile, today.AddDays(1), now, ct);
    }

    /// <summary>
    /// Moves everybody whose birthday changed their tier; returns how many. Run after each midnight, or whenever one may have been missed.
    /// </summary>
    public async Task<int> RecomputeAllAsync(CancellationToken ct)
    {
        var today = calendar.DayOf(clock.Now());
        var moved = 0;
        foreach (var userId in await AgedOutAsync(today, ct))
        {
            ct.ThrowIfCancellationRequested();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var now = clock.Now();
            var profile = await db.Set<Profile>().SingleAsync(p => p.UserId == userId, ct);
            var born = await db.Set<User>().Where(u => u.Id == userId).Select(u => u.DateOfBirth).SingleAsync(ct);
            if (profile.Recompute(born, today, now))
            {
                await MoveAsync(profile, today, now, ct);
                moved++;
            }

            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            db.ChangeTracker.Clear();
        }

        return moved;
    }

    /// <summary>Members outside OPEN who are older than their tier; dates are only compared, which every database can.</summary>
    private async Task<List<Guid>> AgedOutAsync(DateOnly today, CancellationToken ct)
    {
        var due = new List<Guid>();
        foreach (var tiers in TierCode.All.Where(t => t.NextAge is not null).GroupBy(t => t.NextAge!.Value))
        {
            var codes = tiers.Select(t => t.Value).ToList();
            // Whoever was born on or before this day has reached the age; 29 February reaches it on 1 March.
            var bornBy = CalendarAge.LatestBirth(tiers.Key, today);
            due.AddRange(await (
                from profile in db.Set<Profile>()
                join user in db.Set<User>() on profile.UserId equals user.Id
                where codes.Contains(profile.TierCode) && user.DateOfBirth <= bornBy && user.Status != UserStatus.Deleted
                orderby profile.UserId
                select profile.UserId).ToListAsync(ct));
        }

        return due;
    }

    private async Task MoveAsync(Profile profile, DateOnly fromDay, DateTimeOffset now, CancellationToken ct)
    {
        var userId = profile.UserId;
        var entry = await db.Set<TierHistoryEntry>().SingleOrDefaultAsync(e => e.UserId == userId && e.FromDay == fromDay, ct);
        if (entry is null)
            db.Add(TierHistoryEntry.From(userId, fromDay, profile.TierCode, now));
        else
            entry.Replace(profile.TierCode, now);
        await board.MoveAsync(userId, profile.TierCode, now, ct);
        bus.PublishOnCommit(db, BusTopics.Member, userId.ToString());
    }
}
