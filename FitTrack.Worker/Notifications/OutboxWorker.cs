using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Notifications;

/// <summary>Sends mails as they come.</summary>
internal sealed partial class OutboxWorker(IServiceScopeFactory scopes, IMessageBus bus, IOptions<MailOptions> options, TimeProvider clock, ILogger<OutboxWorker> logger)
    : QueueWorker(OutboxDelivery.QueueName, options.Value.PollInterval, bus, clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var pass = await scope.ServiceProvider.GetRequiredService<OutboxDelivery>().RunAsync(ct);
        if (pass.Total > 0)
            LogPass(logger, pass.Sent, pass.Postponed, pass.GivenUp);
        return pass.Total > 0;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox: {Sent} sent, {Postponed} postponed, {GivenUp} given up.")]
    private static partial void LogPass(ILogger logger, int sent, int postponed, int givenUp);
}
