using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

/// <summary>What a pass over the outbox did.</summary>
public sealed record DeliveryPass(int Sent, int Postponed, int GivenUp)
{
    public int Total => Sent + Postponed + GivenUp;
}

/// <summary>
/// Sends what waits in the outbox. Each mail is claimed by a lease and finished by an update that checks the claim; a process that
/// dies between sending and that update sends twice, none is lost.
/// </summary>
public sealed partial class OutboxDelivery(
    FitTrackDbContext db, IEmailSender sender, MailTemplates templates, Notices notices, IEnumerable<IDeferredWork> deferred, InstanceId instance, IOptions<MailOptions> options, TimeProvider clock, ILogger<OutboxDelivery> logger)
{
    /// <summary>The queue's name on the bus.</summary>
    public const string QueueName = OutboxBacklog.QueueName;

    private const int AtOnce = 20;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(6);

    /// <summary>One batch; ask again while it finds something.</summary>
    public async Task<DeliveryPass> RunAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var due = db.Set<OutboxMessage>().Where(m => m.SentAt == null && m.DeadAt == null && m.NotBefore <= now);
        var claimed = await db.ClaimAsync(due, mails => mails.OrderBy(m => m.NotBefore).ThenBy(m => m.Id), AtOnce, instance, now, options.Value.Lease, ct);
        var pass = new DeliveryPass(0, 0, 0);
        foreach (var message in claimed.OrderBy(m => m.CreatedAt))
        {
            var outcome = await TrySendAsync(message, ct);
            pass = await FinishAsync(message, outcome, ct) switch
            {
                SendOutcome.Sent => pass with { Sent = pass.Sent + 1 },
                SendOutcome.TryLater => pass with { Postponed = pass.Postponed + 1 },
                _ => pass with { GivenUp = pass.GivenUp + 1 },
            };
        }

        return pass;
    }

    /// <summary>The wait before attempt n + 1: 30 s, doubled with each, at most 6 h, and up to a tenth more so that many do not return together.</summary>
    internal static TimeSpan Backoff(int attempts, double random)
    {
        var wait = attempts > 20 ? LongestBackoff : FirstBackoff * Math.Pow(2, attempts - 1);
        return (wait < LongestBackoff ? wait : LongestBackoff) * (1 + (random / 10));
    }

    private async Task<SendOutcome> TrySendAsync(OutboxMessage message, CancellationToken ct)
    {
        try
        {
            if (deferred.FirstOrDefault(d => d.Type == message.MessageType) is { } work)
                return await RunAsync(work, message, ct);
            var address = await db.Set<User>().Where(u => u.Id == message.UserId && u.Status != UserStatus.Deleted).Select(u => u.Email).SingleOrDefaultAsync(ct);
            if (address is null)
                return new SendOutcome.Rejected("The account is closed.");
            if (templates.Render(message.MessageType, message.Payload) is not { } content)
                return new SendOutcome.Rejected($"There is no template '{message.MessageType}'.");
            return await notices.TakeAsync(message, content.Subject, ct)
                ? await sender.SendAsync(new EmailMessage(message.Id, address, content.Subject, content.Text, content.Html), ct)
                : new SendOutcome.Sent();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (JsonException e)
        {
            return new SendOutcome.Rejected(e.Message);
        }
        catch (Exception e)
        {
            // Whatever is wrong with one mail, the others go out; the message stays and tells what it was.
            LogFailed(logger, e, message.Id, message.MessageType);
            return new SendOutcome.TryLater(e.GetType().Name + ": " + e.Message);
        }
    }

    private async Task<SendOutcome> RunAsync(IDeferredWork work, OutboxMessage message, CancellationToken ct)
    {
        try
        {
            return await work.RunAsync(message.Payload, ct);
        }
        finally
        {
            // What it could not save must not be saved with the next one's.
            db.ChangeTracker.Clear();
        }
    }

    private async Task<SendOutcome> FinishAsync(OutboxMessage message, SendOutcome outcome, CancellationToken ct)
    {
        var now = clock.Now();
        var attempts = message.Attempts + 1;
        if (outcome is SendOutcome.TryLater late && attempts >= options.Value.MaxAttempts)
            outcome = new SendOutcome.Rejected(late.Reason);

        var held = db.Set<OutboxMessage>().StillHeld(message);
        await (outcome switch
        {
            SendOutcome.TryLater(var reason) => PostponeAsync(held, attempts, now, reason, ct),
            SendOutcome.Rejected(var reason) => GiveUpAsync(message, held, attempts, now, reason, ct),
            _ => held.ExecuteUpdateAsync(s => s.SetProperty(m => m.SentAt, now).SetProperty(m => m.Attempts, attempts).SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null), ct),
        });
        return outcome;
    }

    private static Task<int> PostponeAsync(IQueryable<OutboxMessage> held, int attempts, DateTimeOffset now, string reason, CancellationToken ct)
    {
        var next = (now + Backoff(attempts, Random.Shared.NextDouble())).ToMicroseconds();
        var error = Cut(reason);
        return held.ExecuteUpdateAsync(
            s => s.SetProperty(m => m.NotBefore, next).SetProperty(m => m.Attempts, attempts).SetProperty(m => m.LastError, error).SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null), ct);
    }

    private Task<int> GiveUpAsync(OutboxMessage message, IQueryable<OutboxMessage> held, int attempts, DateTimeOffset now, string reason, CancellationToken ct)
    {
        var error = Cut(reason);
        LogGivenUp(logger, message.Id, message.MessageType, attempts, error);
        return held.ExecuteUpdateAsync(
            s => s.SetProperty(m => m.DeadAt, now).SetProperty(m => m.Attempts, attempts).SetProperty(m => m.LastError, error).SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null), ct);
    }

    private static string Cut(string text) => text.Length <= OutboxMessageConfiguration.ErrorLength ? text : text[..OutboxMessageConfiguration.ErrorLength];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {MessageId} ({Type}) could not be sent.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid messageId, string type);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {MessageId} ({Type}) was given up after {Attempts} attempts: {Reason}")]
    private static partial void LogGivenUp(ILogger logger, Guid messageId, string type, int attempts, string reason);
}
