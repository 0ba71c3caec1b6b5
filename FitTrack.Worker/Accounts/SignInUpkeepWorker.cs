using FitTrack.Core.Accounts;

namespace FitTrack.Worker.Accounts;

/// <summary>Every hour: the next signing key when its time nears, and what expired long ago goes. Every instance may run it.</summary>
internal sealed partial class SignInUpkeepWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SignInUpkeepWorker> logger) : BackgroundService
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

    private async Task RunPassAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var rotated = await scope.ServiceProvider.GetRequiredService<SigningKeys>().RotateAsync(ct);
            var removed = await scope.ServiceProvider.GetRequiredService<ExpiredSignIns>().RemoveAsync(ct);
            LogPass(logger, rotated, removed);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in: new signing key {Rotated}, {Removed} expired rows removed.")]
    private static partial void LogPass(ILogger logger, bool rotated, int removed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Signing keys or expired sign-ins could not be looked after; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
