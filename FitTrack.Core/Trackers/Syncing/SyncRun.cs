using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers.Strava;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>What a run over one connection came to.</summary>
/// <param name="Items">Things fetched and handed to the inbox.</param>
/// <param name="Fault">Why it ended early; null when it did not.</param>
/// <param name="IsLost">Another process has taken the connection over.</param>
public sealed record SyncResult(int Items, ProviderFault? Fault = null, bool IsLost = false);

/// <summary>
/// Synchronises one claimed connection: fetches part after part and stores each in the inbox, together with how far it got, in one
/// transaction. The inbox's worker scores it, as it does what providers send by themselves. A process that dies loses the part it
/// was at, which the next one fetches again.
/// </summary>
public sealed class SyncRun(
    FitTrackDbContext db, IEnumerable<ITrackerSource> sources, ConnectionTokens tokens, TrackerConnections connections, SyncServices services, IMessageBus bus, IOptions<SyncOptions> options, TimeProvider clock)
{
    /// <summary>What is read, in <c>sync_metadata</c>.</summary>
    private const string DataKind = "activities";

    public async Task<SyncResult> ExecuteAsync(SyncJob job, CancellationToken ct)
    {
        var id = job.ConnectionId;
        var connection = await db.Set<ProviderConnection>().AsNoTracking().SingleAsync(c => c.Id == id, ct);
        if (connection.Status is ConnectionStatus.Disconnected or ConnectionStatus.NeedsReconnect || !services.Configured.Contains(connection.Service))
        {
            await StopAsync(job, ct);
            return new SyncResult(0);
        }

        var answer = await tokens.FreshAsync(connection, renew: false, ct);
        var (items, isFirst, renewed) = (0, true, false);
        var began = clock.Now();
        var metadata = await db.Set<SyncMetadata>().SingleOrDefaultAsync(m => m.ConnectionId == id && m.DataKind == DataKind, ct);
        var lastSuccess = metadata?.LastSuccessAt;
        var mark = Mark.Parse(job.FullSync ? null : metadata?.ResumeFrom);
        var source = sources.Single(s => s.Service == connection.Service);
        while (answer.Fault is null)
        {
            var account = new SyncAccount(id, connection.ExternalUserId, answer.Value, connection.ConnectedAt, job.FullSync, lastSuccess);
            var part = await source.NextAsync(account, mark.Position, isFirst, ct);
            if (part.Fault is { Kind: FaultKind.SignInNeeded } && !renewed && connection.ProtectedRefreshToken is not null)
            {
                // It may only be that the token ended early.
                renewed = true;
                answer = await tokens.FreshAsync(connection, renew: true, ct);
                continue;
            }

            if (part.Fault is { } fault)
                return await FailAsync(job, fault, items, ct);
            var next = Mark.Of(part.Value);
            var isNew = part.Value.Items > 0 && next.Hash != mark.Hash;
            metadata ??= db.Add(SyncMetadata.Begin(id, DataKind, began)).Entity;
            if (!await StoreAsync(job, connection, isNew ? part.Value : part.Value with { Pages = [] }, metadata, next, began, ct))
                return new SyncResult(items, IsLost: true);
            items += isNew ? part.Value.Items : 0;
            (mark, isFirst) = (next, false);
            if (part.Value.IsDone || clock.Now() - began >= options.Value.Turn)
                return await FinishAsync(job, part.Value.IsDone, items, ct);
        }

        return await FailAsync(job, answer.Fault, items, ct);
    }

    private async Task<bool> StoreAsync(SyncJob job, ProviderConnection connection, Pull part, SyncMetadata metadata, Mark mark, DateTimeOffset began, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, claimedDue) = (clock.Now(), job.DueAt);
        DateTimeOffset? until = (now + options.Value.Lease).ToMicroseconds();
        var held = await db.Set<SyncJob>().StillHeld(job).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.LeaseUntil, until).SetProperty(j => j.FullSync, j => j.DueAt != claimedDue && j.FullSync), ct);
        if (held == 0)
            return false;
        // What makes a part stored once is the position that is stored with it, not the messages' ids.
        foreach (var page in part.Pages)
            db.Add(WebhookMessage.Receive(connection.Service, $"fetched:{Guid.CreateVersion7(now)}", page.EventType, connection.ExternalUserId, page.Body, began, now));

        metadata.Advance(mark.ToString(), part.Items, began, now);
        if (part.Pages.Count > 0)
            bus.PublishOnCommit(db, BusTopics.Work, WebhookInbox.QueueName);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task<SyncResult> FinishAsync(SyncJob job, bool isDone, int items, CancellationToken ct)
    {
        var (id, now) = (job.ConnectionId, clock.Now());
        DateTimeOffset? next = isDone ? (now + options.Value.Every).ToMicroseconds() : now;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await GiveBackAsync(job, next.Value, 0, null, ct))
            return new SyncResult(items, IsLost: true);
        await db.Set<ProviderConnection>().Where(c => c.Id == id && c.Status != ConnectionStatus.Disconnected && c.Status != ConnectionStatus.NeedsReconnect).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Status, ConnectionStatus.Connected).SetProperty(c => c.LastError, (string?)null)
                .SetProperty(c => c.LastSyncAt, now).SetProperty(c => c.NextSyncAt, next).SetProperty(c => c.UpdatedAt, now),
            ct);
        await transaction.CommitAsync(ct);
        return new SyncResult(items);
    }

    private async Task<SyncResult> FailAsync(SyncJob job, ProviderFault fault, int items, CancellationToken ct)
    {
        var (id, now) = (job.ConnectionId, clock.Now());
        var error = fault.Message.Length > ProviderConnection.MaxError ? fault.Message[..ProviderConnection.MaxError] : fault.Message;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (fault.Kind == FaultKind.SignInNeeded)
        {
            if (await StopAsync(job, ct) == 0)
                return new SyncResult(items, fault, IsLost: true);
            await EndAsync(await db.Set<ProviderConnection>().SingleAsync(c => c.Id == id, ct), error, ct);
        }
        else
        {
            var (due, attempts) = NextAttempt(job, fault, now);
            if (!await GiveBackAsync(job, due, attempts, error, ct))
                return new SyncResult(items, fault, IsLost: true);
            var isLimit = fault.Kind == FaultKind.LimitReached;
            await db.Set<ProviderConnection>().Where(c => c.Id == id && c.Status != ConnectionStatus.Disconnected && c.Status != ConnectionStatus.NeedsReconnect).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.Status, c => isLimit ? c.Status : ConnectionStatus.Error).SetProperty(c => c.LastError, error)
                    .SetProperty(c => c.NextSyncAt, due).SetProperty(c => c.UpdatedAt, now),
                ct);
        }

        await transaction.CommitAsync(ct);
        return new SyncResult(items, fault);
    }

    /// <summary>Whoever took the permission back at Strava has disconnected; otherwise the member is asked to sign in again.</summary>
    private async Task EndAsync(ProviderConnection connection, string error, CancellationToken ct)
    {
        var (account, since) = (connection.ExternalUserId, connection.ConnectedAt);
        if (await db.Set<WebhookMessage>().AnyAsync(m => m.Service == TrackerService.Strava && m.ExternalUserId == account && m.EventType == StravaMessages.Deauthorized && m.ReceivedAt >= since, ct)
            && connection.Service == TrackerService.Strava)
        {
            await connections.DisconnectAsync(connection, tellProvider: false, clock.Now(), ct);
            return;
        }

        connections.NeedReconnect(connection, error);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>A provider that is down is asked again soon, a few times; then, and where asking again is no use, with the next interval.</summary>
    private (DateTimeOffset Due, int Attempts) NextAttempt(SyncJob job, ProviderFault fault, DateTimeOffset now)
    {
        var attempts = fault.Kind == FaultKind.LimitReached ? job.Attempts : job.Attempts + 1;
        var isLast = fault.Kind == FaultKind.Refused || attempts >= options.Value.Attempts;
        var wait = isLast || fault.Kind == FaultKind.LimitReached ? options.Value.Every : options.Value.BackoffAfter(attempts) * (1 + (Random.Shared.NextDouble() / 10));
        var due = fault switch
        {
            { Kind: FaultKind.LimitReached, RetryAt: { } at } => at,
            { RetryAt: { } at } when at > now + wait => at,
            _ => now + wait,
        };
        return ((due > now ? due : now + options.Value.FirstBackoff).ToMicroseconds(), isLast ? 0 : attempts);
    }

    /// <summary>Due again at a time, unless the member has asked for it meanwhile.</summary>
    private async Task<bool> GiveBackAsync(SyncJob job, DateTimeOffset due, int attempts, string? error, CancellationToken ct)
    {
        var claimedDue = job.DueAt;
        return await db.Set<SyncJob>().StillHeld(job).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.DueAt, j => j.DueAt == claimedDue ? due : j.DueAt).SetProperty(j => j.Attempts, attempts).SetProperty(j => j.LastError, error)
                .SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null),
            ct) == 1;
    }

    private Task<int> StopAsync(SyncJob job, CancellationToken ct)
    {
        DateTimeOffset? now = clock.Now();
        return db.Set<SyncJob>().StillHeld(job).ExecuteUpdateAsync(set => set.SetProperty(j => j.CompletedAt, now).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null), ct);
    }

    /// <summary>How far a source has been read, and what the last part was: the same again is not stored again.</summary>
    /// <param name="Position">As the source wrote it.</param>
    /// <param name="Hash">Of the last part's pages.</param>
    private sealed record Mark(string? Position, string? Hash)
    {
        public static Mark Of(Pull part)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var page in part.Pages)
                hash.AppendData(Encoding.UTF8.GetBytes(page.Body));
            return new Mark(part.Position, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
        }

        public static Mark Parse(string? text)
        {
            var parts = text?.Split('#') ?? [];
            return parts.Length == 2 ? new Mark(parts[0], parts[1]) : new Mark(null, null);
        }

        public override string ToString() => $"{Position}#{Hash}";
    }
}
