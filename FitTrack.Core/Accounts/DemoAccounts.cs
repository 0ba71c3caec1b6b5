using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Accounts;

/// <summary>The accounts that the demo data brings and Development prints.</summary>
public static class DemoAccounts
{
    public const string AdminEmail = "admin@fittrack.example";
    public const string MemberEmail = "member@fittrack.example";
    public const string Password = "FitTrack-Demo-2026!";
}

/// <summary>
/// In Production, refuses to run on a database whose demo accounts still open with the published password. While the database
/// does not answer it keeps asking, and stops the program when it finds them later.
/// </summary>
internal sealed partial class DemoAccountGuard(IServiceScopeFactory scopes, IHostEnvironment environment, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DemoAccountGuard> logger)
    : BackgroundService
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);
    private static readonly string[] Emails = [DemoAccounts.AdminEmail, DemoAccounts.MemberEmail];

    private bool _checked;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsProduction())
            return;
        if (await FindAsync(cancellationToken) is { } open)
            throw new InvalidOperationException(Message(open));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenAttempts, clock);
        while (!_checked && await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await FindAsync(stoppingToken) is { } open)
            {
                LogOpen(logger, Message(open));
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }

    private static string Message(string email) =>
        $"The demo account {email} exists with its published password. Delete it or change its password before running in Production.";

    /// <summary>The first demo account that opens with the published password; null when there is none or the database does not answer.</summary>
    private async Task<string?> FindAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
            var accounts = await db.Set<User>().Where(u => Emails.Contains(u.NormalizedEmail) && u.Status != UserStatus.Deleted)
                .Select(u => new { u.NormalizedEmail, u.PasswordHash }).ToListAsync(ct);
            _checked = true;
            return accounts.Find(a => Bcrypt.Verify(DemoAccounts.Password, a.PasswordHash))?.NormalizedEmail;
        }
        catch (Exception e) when (DbErrors.IsUnavailable(e))
        {
            LogUnavailable(logger);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Problem}")]
    private static partial void LogOpen(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer; whether demo accounts exist will be checked again.")]
    private static partial void LogUnavailable(ILogger logger);
}
