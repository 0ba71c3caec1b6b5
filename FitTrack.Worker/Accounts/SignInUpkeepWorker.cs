using FitTrack.Core.Accounts;

namespace FitTrack.Worker.Accounts;

/// <summary>Every hour: the next signing key when its time nears, and what expired long ago goes. Every instance may run it.</summary>
internal sealed partial class SignInUpkeepWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SignInUpkeepWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var rotated = await services.GetRequiredService<SigningKeys>().RotateAsync(ct);
        var removed = await services.GetRequiredService<ExpiredSignIns>().RemoveAsync(ct);
        LogPass(logger, rotated, removed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in: new signing key {Rotated}, {Removed} expired rows removed.")]
    private static partial void LogPass(ILogger logger, bool rotated, int removed);
}
