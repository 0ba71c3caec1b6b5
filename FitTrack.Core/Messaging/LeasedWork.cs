using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Messaging;

/// <summary>
/// Claims rows of work by a conditional update, which works alike on every database: of two processes that pick the
/// same row, the second update finds it taken.
/// </summary>
public static class LeasedWork
{
    /// <summary>
    /// Takes up to <paramref name="max"/> of the due rows for <paramref name="duration"/>. Fewer than asked may come
    /// back, also none, when other processes were quicker; whoever wants more asks again.
    /// </summary>
    /// <param name="due">What is due, filtered; leases are checked here.</param>
    /// <param name="order">What goes first; the order must be total.</param>
    /// <param name="owner">The claiming process.</param>
    /// <param name="now">Now, in whole microseconds.</param>
    /// <param name="duration">How long the rows are kept from others; longer than the work takes.</param>
    /// <returns>The claimed rows, not tracked, in no particular order.</returns>
    public static async Task<List<T>> ClaimAsync<T>(this FitTrackDbContext db, IQueryable<T> due, Func<IQueryable<T>, IQueryable<T>> order, int max, InstanceId owner, DateTimeOffset now, TimeSpan duration, CancellationToken ct)
        where T : class, ILeasedRow
    {
        var ids = await order(due.Where(x => x.LeaseUntil == null || x.LeaseUntil < now)).Select(x => x.Id).Take(max).ToListAsync(ct);
        if (ids.Count == 0)
            return [];

        var claim = $"{owner.Value}/{Guid.CreateVersion7(now).ToString("N")[20..]}";
        DateTimeOffset? until = (now + duration).ToMicroseconds();
        // Due is asked again: a row may have been worked off, and given back, since it was picked.
        var taken = await due
            .Where(x => ids.Contains(x.Id) && (x.LeaseUntil == null || x.LeaseUntil < now))
            .ExecuteUpdateAsync(
                set => set.SetProperty(x => x.LeaseOwner, claim).SetProperty(x => x.LeaseUntil, until).SetProperty(x => x.Fencing, x => x.Fencing + 1),
                ct);
        return taken == 0 ? [] : await db.Set<T>().AsNoTracking().Where(x => ids.Contains(x.Id) && x.LeaseOwner == claim).ToListAsync(ct);
    }

    /// <summary>The row as long as this claim still holds it: the condition of the work's final update.</summary>
    public static IQueryable<T> StillHeld<T>(this IQueryable<T> rows, T claimed)
        where T : class, ILeasedRow
    {
        var (id, fencing) = (claimed.Id, claimed.Fencing);
        return rows.Where(x => x.Id == id && x.Fencing == fencing);
    }
}
