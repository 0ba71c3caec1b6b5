using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Accounts;

/// <summary>How an attempt to sign in ended.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    public sealed record SignedIn(SessionGrant Session) : SignInOutcome;

    /// <summary>Unknown address, wrong password or closed account: one answer for all.</summary>
    public sealed record Refused : SignInOutcome;

    public sealed record EmailNotVerified : SignInOutcome;

    /// <summary>The password is right; a code must come with it.</summary>
    public sealed record CodeRequired : SignInOutcome;

    public sealed record CodeWrong : SignInOutcome;

    public sealed record Suspended : SignInOutcome;

    public sealed record Locked(TimeSpan RetryAfter) : SignInOutcome;

    /// <summary>Too many passwords wait to be hashed.</summary>
    public sealed record Busy : SignInOutcome;
}

/// <summary>
/// E-mail and password for a session. Attempts are counted by address whether it has an account or not, and an unknown address
/// costs the same hash, so that neither the text nor the time tells which is which.
/// </summary>
public sealed partial class SignIn(
    FitTrackDbContext db, Users users, PasswordHashing hashing, Reauthentication reauthentication, Sessions sessions, LoginLockout lockout, AccountMails mails, Outbox outbox,
    TimeProvider clock, ILogger<SignIn> logger)
{
    /// <param name="email">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="code">Of the authenticator, or a recovery code; null when none was sent.</param>
    /// <param name="client">Where from.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<SignInOutcome> ExecuteAsync(string email, string password, string? code, ClientInfo client, CancellationToken ct)
    {
        if (EmailAddress.Normalize(email) is not { } address)
            return await RefuseWithoutAccountAsync(password, ct);
        if (await lockout.RemainingAsync(address, ct) is { } wait)
            return await LockedAsync(address, wait, client, ct);

        using var turn = await hashing.TryEnterAsync(ct);
        if (turn is null)
            return new SignInOutcome.Busy();
        var user = await users.FindByEmailAsync(address);
        // Others may have failed while this one waited. From here on it counts as a failure itself, until it is known to be none.
        var attempt = await lockout.ReserveAsync(address, user?.Id, client, ct);
        if (attempt.Locked is { } longer)
            return await LockedAsync(address, longer, client, ct);
        if (!await turn.VerifyAsync(password, user?.PasswordHash) || user is null)
            return await FailAsync(address, user, client, new SignInOutcome.Refused(), ct);
        if (user.Status == UserStatus.Suspended)
            return await SettleAsync(attempt, LoginOutcome.NotAllowed, new SignInOutcome.Suspended(), ct);
        if (!user.EmailVerified)
            return await SettleAsync(attempt, LoginOutcome.EmailNotVerified, new SignInOutcome.EmailNotVerified(), ct);
        if (user.TwoFactorEnabled && string.IsNullOrWhiteSpace(code))
            return await SettleAsync(attempt, LoginOutcome.NotAllowed, new SignInOutcome.CodeRequired(), ct);
        if (user.TwoFactorEnabled && !await reauthentication.IsCodeAsync(user, code!))
        {
            await lockout.SettleAsync(attempt, LoginOutcome.WrongCode, ct);
            return await FailAsync(address, user, client, new SignInOutcome.CodeWrong(), ct);
        }

        if (turn.IsOutdated(user.PasswordHash))
            await RehashAsync(user, await turn.HashAsync(password), ct);

        // The next one hashes while this one is written down.
        turn.Dispose();
        return await SucceedAsync(attempt, user, client, ct);
    }

    private async Task<SignInOutcome> SucceedAsync(LoginReservation attempt, User user, ClientInfo client, CancellationToken ct)
    {
        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lockout.SettleAsync(attempt, LoginOutcome.Succeeded, ct);
        if (await sessions.IsNewDeviceAsync(user.Id, client, ct))
            outbox.Enqueue(MailTypes.NewDevice, user.Id, new NewDeviceMail(DeviceName.Of(client.UserAgent), client.IpAddress, now), $"{MailTypes.NewDevice}:{Guid.CreateVersion7(now)}");
        var session = sessions.Start(user, client, now);
        await db.SaveChangesAsync(ct);
        await db.Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.LastLoginAt, now), ct);
        await transaction.CommitAsync(ct);
        return new SignInOutcome.SignedIn(session);
    }

    /// <summary>The failure that locks already says so, and the owner of the address is told.</summary>
    private async Task<SignInOutcome> FailAsync(string address, User? user, ClientInfo client, SignInOutcome answer, CancellationToken ct)
    {
        LogFailed(logger, user?.Id, client.IpAddress);
        if (await lockout.RemainingAsync(address, ct) is not { } wait)
            return answer;
        await mails.RequestAsync(AccountMail.LockoutNotice, address, ct);
        return new SignInOutcome.Locked(wait);
    }

    private async Task<SignInOutcome> LockedAsync(string address, TimeSpan wait, ClientInfo client, CancellationToken ct)
    {
        db.Add(LoginAttempt.Record(address, null, LoginOutcome.Locked, client, clock.Now()));
        await db.SaveChangesAsync(ct);
        return new SignInOutcome.Locked(wait);
    }

    private async Task<SignInOutcome> SettleAsync(LoginReservation attempt, LoginOutcome outcome, SignInOutcome answer, CancellationToken ct)
    {
        await lockout.SettleAsync(attempt, outcome, ct);
        return answer;
    }

    private async Task<SignInOutcome> RefuseWithoutAccountAsync(string password, CancellationToken ct)
    {
        using var turn = await hashing.TryEnterAsync(ct);
        if (turn is null)
            return new SignInOutcome.Busy();
        await turn.VerifyAsync(password, null);
        return new SignInOutcome.Refused();
    }

    /// <summary>The configured cost has changed since; nothing else about the account does.</summary>
    private Task<int> RehashAsync(User user, string hash, CancellationToken ct) =>
        db.Set<User>().Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash).ExecuteUpdateAsync(s => s.SetProperty(u => u.PasswordHash, hash), ct);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in failed for account {UserId} from {Address}.")]
    private static partial void LogFailed(ILogger logger, Guid? userId, string? address);
}
