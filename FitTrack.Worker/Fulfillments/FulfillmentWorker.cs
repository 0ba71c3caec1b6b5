using FitTrack.Core.Fulfillments;

namespace FitTrack.Worker.Fulfillments;

/// <summary>Every minute: reminders and forfeits that are due. Every instance may run it: a prize is claimed by one.</summary>
internal sealed partial class FulfillmentWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FulfillmentWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var pass = await services.GetRequiredService<RunDueFulfillments>().RunAsync(ct);
        if (pass.Total > 0) LogPass(logger, pass.Reminded, pass.Forfeited, pass.Failed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Prizes: {Reminded} winners reminded, {Forfeited} prizes forfeited, {Failed} failed.")]
    private static partial void LogPass(ILogger logger, int reminded, int forfeited, int failed);
}
