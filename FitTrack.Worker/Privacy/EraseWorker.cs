using FitTrack.Core.Privacy;

namespace FitTrack.Worker.Privacy;

/// <summary>Erases the personal data of accounts that were closed 30 days ago. Any number of workers may try: each account is erased once.</summary>
internal sealed partial class EraseWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<EraseWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
                await RunPassAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure.
        }
    }

    internal async Task RunPassAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var erased = await scope.ServiceProvider.GetRequiredService<EraseAccounts>().RunAsync(ct);
            if (erased > 0)
                LogPass(logger, erased);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed accounts: the personal data of {Erased} was erased.")]
    private static partial void LogPass(ILogger logger, int erased);

    [LoggerMessage(Level = LogLevel.Error, Message = "Closed accounts could not be looked for; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
