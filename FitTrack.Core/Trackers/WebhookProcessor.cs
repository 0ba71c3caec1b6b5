using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers;

/// <summary>
/// Works stored webhooks off in batches. A batch that fails is taken apart: the others go through, and the one that cannot
/// be processed waits, is tried again, and is finally marked with its reason.
/// </summary>
public sealed partial class WebhookProcessor(IServiceScopeFactory scopes, InstanceId owner, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookProcessor> logger)
{
    private const int RaceAttempts = 4;

    /// <summary>Batches in work at once: the database works on one while another is computed.</summary>
    private const int Lanes = 3;

    /// <summary>Processes what is due, batch after batch, until less than a batch was left.</summary>
    /// <returns>How many messages were taken; 0 when nothing is due.</returns>
    /// <exception cref="Exception">The database cannot be reached; the messages come back when their lease ends.</exception>
    public async Task<int> ProcessNextAsync(CancellationToken ct)
    {
        var taken = 0;
        var working = new Dictionary<Task, List<WebhookMessage>>();
        try
        {
            List<WebhookMessage> messages;
            do
            {
                // An account's messages are worked off in their order: what follows one in work waits.
                var inWork = working.Values.SelectMany(m => m).Select(m => m.ExternalUserId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
                messages = await ClaimAsync(inWork, ct);
                if (messages.Count == 0)
                    break;
                taken += messages.Count;
                working.Add(ProcessClaimedAsync(messages, ct), messages);
                if (working.Count == Lanes)
                    await EndOfOneAsync(working);
            }
            while (messages.Count == options.Value.BatchSize);
        }
        finally
        {
            await Task.WhenAll(working.Keys);
        }

        return taken;
    }

    private static async Task EndOfOneAsync(Dictionary<Task, List<WebhookMessage>> working)
    {
        var ended = await Task.WhenAny(working.Keys);
        working.Remove(ended);
        await ended;
    }

    private async Task ProcessClaimedAsync(List<WebhookMessage> messages, CancellationToken ct)
    {
        try
        {
            var changed = await ProcessAsync(messages, ct);
            Processed(messages.Count, changed);
        }
        catch (LeaseLostException)
        {
            Overtaken(messages.Count);
        }
        catch (Exception e) when (e is not OperationCanceledException && !DbErrors.IsUnavailable(e))
        {
            BatchFailed(e, messages.Count);
            await OneByOneAsync(messages, ct);
        }
    }

    private async Task<List<WebhookMessage>> ClaimAsync(List<string> inWork, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var now = clock.Now();
        var due = db.Set<WebhookMessage>().Where(m => m.Status == WebhookStatus.Pending && m.NextAttemptAt <= now);
        if (inWork.Count > 0)
            due = due.Where(m => m.ExternalUserId == null || !inWork.Contains(m.ExternalUserId));
        var claimed = await db.ClaimAsync(due, waiting => waiting.OrderBy(m => m.NextAttemptAt).ThenBy(m => m.Id), options.Value.BatchSize, owner, now, options.Value.Lease, ct);
        claimed.Sort((a, b) => (a.ReceivedAt, a.Id).CompareTo((b.ReceivedAt, b.Id)));
        return claimed;
    }

    private async Task<int> ProcessAsync(List<WebhookMessage> messages, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<WebhookBatch>().ProcessAsync(messages, ct);
            }
            catch (Exception e) when (attempt < RaceAttempts && (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e)))
            {
                LostRace(attempt, messages.Count);
            }
        }
    }

    private async Task OneByOneAsync(List<WebhookMessage> messages, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            try
            {
                await ProcessAsync([message], ct);
            }
            catch (LeaseLostException)
            {
                Overtaken(1);
            }
            catch (Exception e) when (e is not OperationCanceledException && !DbErrors.IsUnavailable(e))
            {
                MessageFailed(e, message.Id, message.Attempts + 1);
                await GiveBackAsync(message, e, ct);
            }
        }
    }

    private async Task GiveBackAsync(WebhookMessage message, Exception reason, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<WebhookBatch>().FailAsync(message, $"{reason.GetType().Name}: {reason.Message}", ct);
        }
        catch (LeaseLostException)
        {
            Overtaken(1);
        }
    }

    [LoggerMessage(LogLevel.Information, "Webhooks: {Messages} processed, {Changed} records new")]
    private partial void Processed(int messages, int changed);

    [LoggerMessage(LogLevel.Information, "Webhooks: lost a race for a member's points, attempt {Attempt} of a batch of {Messages}")]
    private partial void LostRace(int attempt, int messages);

    [LoggerMessage(LogLevel.Warning, "Webhooks: {Messages} messages were taken over by another process")]
    private partial void Overtaken(int messages);

    [LoggerMessage(LogLevel.Warning, "Webhooks: a batch of {Messages} failed and is taken apart")]
    private partial void BatchFailed(Exception exception, int messages);

    [LoggerMessage(LogLevel.Warning, "Webhooks: message {MessageId} failed, attempt {Attempt}")]
    private partial void MessageFailed(Exception exception, Guid messageId, int attempt);
}
