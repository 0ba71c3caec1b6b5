using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Trackers.Syncing;

/// <param name="Seconds">Its length; windows begin at multiples of it in UTC.</param>
/// <param name="Allowed">Requests in one.</param>
public sealed record RateWindow(int Seconds, int Allowed);

/// <summary>
/// Keeps all processes together within a provider's limits for the whole application: each request is counted in the database
/// before it is made, and is not made when a window is full.
/// </summary>
public sealed class RateGovernor(FitTrackDbContext db, TimeProvider clock)
{
    private const string Application = "app";

    /// <summary>Counts a request that is about to be made. Not inside a transaction of the caller.</summary>
    /// <returns>Null when it may be made, else when to ask again.</returns>
    public async Task<DateTimeOffset?> TakeAsync(TrackerService service, IReadOnlyList<RateWindow> windows, CancellationToken ct)
    {
        var now = clock.Now();
        await EnsureAsync(service, windows, now, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var (seconds, allowed) in windows)
        {
            var start = StartOf(now, seconds);
            var taken = await Of(service).Where(w => w.WindowSeconds == seconds && (w.BlockedUntil == null || w.BlockedUntil <= now) && (w.WindowStart < start || (w.WindowStart == start && w.Used < allowed)))
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.Used, w => w.WindowStart == start ? w.Used + 1 : 1).SetProperty(w => w.WindowStart, start).SetProperty(w => w.AllowedRequests, allowed), ct);
            if (taken == 1)
                continue;
            // What was counted in the windows before this one is taken back.
            await transaction.RollbackAsync(ct);
            var blocked = await Of(service).Where(w => w.WindowSeconds == seconds).Select(w => w.BlockedUntil).SingleAsync(ct);
            return blocked > now ? blocked : start.AddSeconds(seconds);
        }

        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>The provider counts more than we do: somebody else uses the application's credentials, or a process died.</summary>
    public async Task LearnAsync(TrackerService service, int windowSeconds, int used, CancellationToken ct)
    {
        var start = StartOf(clock.Now(), windowSeconds);
        await Of(service).Where(w => w.WindowSeconds == windowSeconds && w.WindowStart == start && w.Used < used).ExecuteUpdateAsync(set => set.SetProperty(w => w.Used, used), ct);
    }

    /// <summary>The provider refused a request as one too many.</summary>
    public Task BlockAsync(TrackerService service, DateTimeOffset until, CancellationToken ct)
    {
        DateTimeOffset? blocked = until.ToMicroseconds();
        return Of(service).Where(w => w.BlockedUntil == null || w.BlockedUntil < blocked).ExecuteUpdateAsync(set => set.SetProperty(w => w.BlockedUntil, blocked), ct);
    }

    public static DateTimeOffset StartOf(DateTimeOffset now, int seconds)
    {
        var unix = now.ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(unix - (unix % seconds));
    }

    private IQueryable<ProviderRateWindow> Of(TrackerService service) => db.Set<ProviderRateWindow>().Where(w => w.Service == service && w.Subject == Application);

    private async Task EnsureAsync(TrackerService service, IReadOnlyList<RateWindow> windows, DateTimeOffset now, CancellationToken ct)
    {
        var known = await Of(service).Select(w => w.WindowSeconds).ToListAsync(ct);
        foreach (var (seconds, allowed) in windows.Where(w => !known.Contains(w.Seconds)))
        {
            var entry = db.Add(ProviderRateWindow.Open(service, Application, seconds, allowed, StartOf(now, seconds)));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
            {
                // Another process made it at the same moment.
            }

            entry.State = EntityState.Detached;
        }
    }
}
