using FitTrack.Core.Privacy;

namespace FitTrack.Worker.Privacy;

/// <summary>Erases the personal data of accounts that were closed 30 days ago. Any number of workers may try: each account is erased once.</summary>
internal sealed partial class EraseWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<EraseWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var erased = await services.GetRequiredService<EraseAccounts>().RunAsync(ct);
        if (erased > 0)
            LogPass(logger, erased);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed accounts: the personal data of {Erased} was erased.")]
    private static partial void LogPass(ILogger logger, int erased);
}
