using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>What became of a member's wish to synchronise now.</summary>
public enum SyncRequestOutcome
{
    Queued,
    NotConnected,

    /// <summary>Only signing in at the provider again helps.</summary>
    NeedsReconnect,

    /// <summary>This provider sends by itself; nothing can be fetched from it here.</summary>
    NothingToFetch,

    /// <summary>The member asked a moment ago.</summary>
    TooSoon,
}

/// <param name="Wait">How long until it may be asked for again, where that is the reason.</param>
public sealed record SyncRequest(SyncRequestOutcome Outcome, TimeSpan Wait = default);

/// <summary>
/// Says when each connection is synchronised next. A connection has one job, which is due again after each run; whoever claims it
/// by its lease runs it, so that no two processes work on one connection.
/// </summary>
public sealed class SyncJobs(FitTrackDbContext db, IMessageBus bus, InstanceId owner, SyncServices services, IOptions<SyncOptions> options, TimeProvider clock) : IWorkBacklog
{
    /// <summary>The queue's name on the bus and in health answers.</summary>
    public const string QueueName = "sync_jobs";

    private const int AtOnce = 500;

    private readonly List<TrackerService> _fetched = services.Configured;
    private readonly SyncOptions _options = options.Value;

    string IWorkBacklog.Name => QueueName;

    /// <summary>Takes up to <paramref name="max"/> of what is due.</summary>
    public Task<List<SyncJob>> ClaimAsync(int max, CancellationToken ct)
    {
        var now = clock.Now();
        return db.ClaimAsync(Due(now), waiting => waiting.OrderBy(j => j.DueAt).ThenBy(j => j.Id), max, owner, now, _options.Lease, ct);
    }

    /// <summary>Gives a job to every connection that should have one: made before its provider was configured, or restored.</summary>
    /// <returns>How many got one.</returns>
    public async Task<int> FillAsync(CancellationToken ct)
    {
        var without = await db.Set<ProviderConnection>().AsNoTracking()
            .Where(c => _fetched.Contains(c.Service) && (c.Status == ConnectionStatus.Pending || c.Status == ConnectionStatus.Connected || c.Status == ConnectionStatus.Error)
                && !db.Set<SyncJob>().Any(j => j.ConnectionId == c.Id && j.CompletedAt == null))
            .OrderBy(c => c.Id).Take(AtOnce).ToListAsync(ct);
        foreach (var connection in without)
            await ArmAsync(connection, ct);
        return without.Count;
    }

    /// <summary>A member asks for a synchronisation now.</summary>
    public async Task<SyncRequest> RequestAsync(Guid userId, string provider, bool full, CancellationToken ct)
    {
        var connection = await db.Set<ProviderConnection>().AsNoTracking().SingleOrDefaultAsync(c => c.UserId == userId && c.Provider == provider && c.Status != ConnectionStatus.Disconnected, ct);
        if (connection is null)
            return new SyncRequest(SyncRequestOutcome.NotConnected);
        if (connection.Status == ConnectionStatus.NeedsReconnect)
            return new SyncRequest(SyncRequestOutcome.NeedsReconnect);
        if (!_fetched.Contains(connection.Service))
            return new SyncRequest(SyncRequestOutcome.NothingToFetch);
        if (!await db.Set<SyncJob>().AnyAsync(j => j.Id == connection.Id, ct))
            await ArmAsync(connection, ct);

        var (id, now) = (connection.Id, clock.Now());
        var latest = (now - _options.ByMemberEvery).ToMicroseconds();
        var queued = await db.Set<SyncJob>().Where(j => j.Id == id && (!j.ByMember || j.RequestedAt <= latest)).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.ByMember, true).SetProperty(j => j.RequestedAt, now).SetProperty(j => j.DueAt, now).SetProperty(j => j.Attempts, 0)
                .SetProperty(j => j.CompletedAt, (DateTimeOffset?)null).SetProperty(j => j.FullSync, j => full || j.FullSync),
            ct);
        if (queued == 0)
        {
            var asked = await db.Set<SyncJob>().Where(j => j.Id == id).Select(j => j.RequestedAt).SingleAsync(ct);
            return new SyncRequest(SyncRequestOutcome.TooSoon, asked + _options.ByMemberEvery - now);
        }

        await ShowNextAsync(id, now, ct);
        bus.PublishOnCommit(db, BusTopics.Work, QueueName);
        return new SyncRequest(SyncRequestOutcome.Queued);
    }

    /// <summary>Lets a connection be synchronised at once, without waiting for its turn.</summary>
    internal async Task ArmAsync(ProviderConnection connection, CancellationToken ct)
    {
        if (!_fetched.Contains(connection.Service))
            return;
        var (id, now) = (connection.Id, clock.Now());
        var armed = await db.Set<SyncJob>().Where(j => j.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.DueAt, now).SetProperty(j => j.Attempts, 0).SetProperty(j => j.CompletedAt, (DateTimeOffset?)null), ct);
        if (armed == 0)
        {
            var entry = db.Add(SyncJob.For(id, now));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e) && db.Database.CurrentTransaction is null)
            {
                // Another process gave it one at the same moment.
            }
            finally
            {
                entry.State = EntityState.Detached;
            }
        }

        await ShowNextAsync(id, now, ct);
        bus.PublishOnCommit(db, BusTopics.Work, QueueName);
    }

    async Task<long> IWorkBacklog.CountWaitingAsync(CancellationToken ct) => await Due(clock.Now()).LongCountAsync(ct);

    private IQueryable<SyncJob> Due(DateTimeOffset now) => db.Set<SyncJob>().Where(j => j.CompletedAt == null && j.DueAt <= now);

    private Task<int> ShowNextAsync(Guid connectionId, DateTimeOffset next, CancellationToken ct) =>
        db.Set<ProviderConnection>().Where(c => c.Id == connectionId).ExecuteUpdateAsync(set => set.SetProperty(c => c.NextSyncAt, next), ct);
}

/// <summary>The services that data is fetched from here: those with credentials, and Hevy, for which each member has some.</summary>
public sealed class SyncServices(IOptions<TerraOptions> terra, IOptions<StravaOptions> strava)
{
    public List<TrackerService> Configured { get; } =
    [
        .. terra.Value.IsConfigured ? [TrackerService.Terra] : Array.Empty<TrackerService>(),
        .. strava.Value.IsConfigured ? [TrackerService.Strava] : Array.Empty<TrackerService>(),
        TrackerService.Hevy,
    ];
}
