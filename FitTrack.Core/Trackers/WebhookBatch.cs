using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers;

/// <summary>Another process took the messages over while they were worked on; nothing was stored.</summary>
internal sealed class LeaseLostException() : Exception("Another process took the messages over.");

/// <summary>
/// Processes claimed messages in one transaction: what they say and that they are done are stored together, so a message
/// works once, whatever fails in between.
/// </summary>
internal sealed class WebhookBatch(FitTrackDbContext db, ActivityIngest ingest, TrackerConnections connections, SyncJobs jobs, IOptions<TrackerOptions> trackers, IOptions<SyncOptions> sync, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <returns>How many records said something new.</returns>
    public async Task<int> ProcessAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken ct)
    {
        // Whatever fails, all of it is rolled back: savepoints would only cost round trips.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var reader = new ProviderMessages(db, connections, jobs, trackers, sync, clock);
        await reader.LoadAsync(messages, ct);
        var outcomes = new List<(WebhookMessage Message, MessageOutcome Outcome)>(messages.Count);
        foreach (var message in messages)
            outcomes.Add((message, await reader.ReadAsync(message, ct)));

        // Data may come before the sign-in that explains it; where both are in this batch nobody has to wait.
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Outcome.Status == WebhookStatus.Pending)
                outcomes[i] = (outcomes[i].Message, await reader.ReadAsync(outcomes[i].Message, ct));
        }

        var result = await ingest.ApplyAsync(reader.Records, ct);
        foreach (var same in outcomes.GroupBy(o => (o.Outcome, o.Message.Attempts)))
            await FinishAsync([.. same.Select(o => o.Message)], same.Key.Outcome, same.Key.Attempts, ct);
        await transaction.CommitAsync(ct);
        return result.Changed;
    }

    /// <summary>Puts one message off that could not be processed, or gives it up after the last attempt.</summary>
    public Task FailAsync(WebhookMessage message, string error, CancellationToken ct) =>
        FinishAsync([message], new MessageOutcome(WebhookStatus.Pending, error), message.Attempts, ct);

    private async Task FinishAsync(IReadOnlyList<WebhookMessage> messages, MessageOutcome outcome, int attempts, CancellationToken ct)
    {
        var now = clock.Now();
        var (status, error) = outcome;
        DateTimeOffset? processedAt = status == WebhookStatus.Pending ? null : now;
        var next = now;
        if (status == WebhookStatus.Pending)
        {
            attempts++;
            if (attempts >= options.Value.Attempts)
                (status, processedAt) = (WebhookStatus.Failed, now);
            else
                next = (now + options.Value.BackoffAfter(attempts)).ToMicroseconds();
        }

        error = error?.Length > WebhookMessage.MaxError ? error[..WebhookMessage.MaxError] : error;
        var ids = messages.Select(m => m.Id).ToList();
        var claim = messages[0].LeaseOwner;
        var finished = await db.Set<WebhookMessage>().Where(m => ids.Contains(m.Id) && m.LeaseOwner == claim).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.Status, status).SetProperty(m => m.Error, error).SetProperty(m => m.Attempts, attempts)
                .SetProperty(m => m.NextAttemptAt, next).SetProperty(m => m.ProcessedAt, processedAt)
                .SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null),
            ct);
        if (finished != ids.Count)
            throw new LeaseLostException();
    }
}
