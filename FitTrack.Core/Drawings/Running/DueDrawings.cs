using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>How many drawings wait for a step that is due.</summary>
internal sealed class DueDrawings(FitTrackDbContext db, TimeProvider clock) : IWorkBacklog
{
    public string Name => "due_drawings";

    public Task<long> CountWaitingAsync(CancellationToken ct) => At(db, clock.Now()).LongCountAsync(ct);

    /// <summary>What was due at <paramref name="time"/> and still waits for it.</summary>
    public static IQueryable<Drawing> At(FitTrackDbContext db, DateTimeOffset time) => db.Set<Drawing>().AsNoTracking().Where(
        d => (d.Status == DrawingStatus.Scheduled && d.OpensAt <= time) || (d.Status == DrawingStatus.Open && d.SalesCloseAt <= time) || (d.Status == DrawingStatus.Closed && d.DrawAt <= time));
}

/// <summary>How many of them are so late that somebody should look; an alert is set on this queue's length.</summary>
internal sealed class LateDrawings(FitTrackDbContext db, TimeProvider clock) : IWorkBacklog
{
    /// <summary>Five passes.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    public string Name => "late_drawings";

    public Task<long> CountWaitingAsync(CancellationToken ct) => Of(db, clock.Now()).LongCountAsync(ct);

    public static IQueryable<Drawing> Of(FitTrackDbContext db, DateTimeOffset now) => DueDrawings.At(db, now - Grace);
}
