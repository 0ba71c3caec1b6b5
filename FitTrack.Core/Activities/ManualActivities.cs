using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>Changes to one manual entry; what is null stays.</summary>
public sealed record ManualChange(
    Sport? Sport, Intensity? Intensity, DateTimeOffset? StartedAt, int? LengthSeconds, string? Title, int? Steps, double? DistanceMeters, double? AverageHeartRate, bool? Hidden)
{
    internal bool IsOnlyHiding => this with { Hidden = null } == new ManualChange(null, null, null, null, null, null, null, null, null);
}

/// <summary>What became of a change.</summary>
public abstract record ManualOutcome
{
    private ManualOutcome()
    {
    }

    public sealed record Done(Activity Activity) : ManualOutcome;

    public sealed record NotFound : ManualOutcome;

    /// <summary>It came from a tracker or a file: it can be hidden, and nothing else.</summary>
    public sealed record NotManual : ManualOutcome;

    /// <summary>It has another version than the caller knows.</summary>
    public sealed record Stale : ManualOutcome;
}

/// <summary>The member's own entries: they complete the training log and never earn points.</summary>
public sealed class ManualActivities(FitTrackDbContext db, CompetitionCalendar calendar, TimeProvider clock)
{
    public async Task<Activity> AddAsync(Guid userId, ManualEntry entry, CancellationToken ct)
    {
        var activity = Activity.ByHand(userId, entry, calendar.DayOf(entry.StartedAt), clock.Now());
        db.Add(activity);
        await db.SaveChangesAsync(ct);
        return activity;
    }

    /// <summary>Edits an entry; anything else than hiding is for the member's own entries only.</summary>
    /// <param name="mayChange">Whether the caller knows the version that is stored.</param>
    public async Task<ManualOutcome> ChangeAsync(Guid userId, Guid id, ManualChange change, Func<Activity, bool> mayChange, CancellationToken ct)
    {
        if (await FindAsync(userId, id, ct) is not { } activity)
            return new ManualOutcome.NotFound();
        if (activity.Provenance != ActivityProvenance.Manual && !change.IsOnlyHiding)
            return new ManualOutcome.NotManual();
        if (!mayChange(activity))
            return new ManualOutcome.Stale();

        var now = clock.Now();
        if (!change.IsOnlyHiding)
        {
            var entry = Merge(activity, change);
            activity.Edit(entry, calendar.DayOf(entry.StartedAt), now);
        }

        if (change.Hidden is { } hidden)
            activity.Hide(hidden, now);
        await db.SaveChangesAsync(ct);
        return new ManualOutcome.Done(activity);
    }

    public async Task<ManualOutcome> DeleteAsync(Guid userId, Guid id, Func<Activity, bool> mayChange, CancellationToken ct)
    {
        if (await FindAsync(userId, id, ct) is not { } activity)
            return new ManualOutcome.NotFound();
        if (activity.Provenance != ActivityProvenance.Manual)
            return new ManualOutcome.NotManual();
        if (!mayChange(activity))
            return new ManualOutcome.Stale();
        var now = clock.Now();
        activity.Delete(now, now);
        await db.SaveChangesAsync(ct);
        return new ManualOutcome.Done(activity);
    }

    private static ManualEntry Merge(Activity activity, ManualChange change)
    {
        var sport = change.Sport ?? Sports.Of(activity.Sport);
        var intensity = change.Intensity ?? (change.Sport is null ? activity.MainIntensity : null) ?? Usual(sport);
        return new ManualEntry(
            sport, intensity, change.StartedAt ?? activity.StartedAt, change.LengthSeconds ?? activity.LengthSeconds, change.Title ?? activity.Title,
            change.Steps ?? activity.Steps, change.DistanceMeters ?? activity.DistanceMeters, change.AverageHeartRate ?? activity.AverageHeartRate);
    }

    /// <summary>How hard a sport is when nobody says.</summary>
    public static Intensity Usual(Sport sport) => sport.Intensity == Intensity.Never ? Intensity.Light : sport.Intensity;

    private Task<Activity?> FindAsync(Guid userId, Guid id, CancellationToken ct) =>
        db.Set<Activity>().SingleOrDefaultAsync(a => a.Id == id && a.UserId == userId && a.Status != ActivityStatus.Deleted, ct);
}
