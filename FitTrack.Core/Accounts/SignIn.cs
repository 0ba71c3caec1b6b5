using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        // Others may have failed while this one waited; only as many as hash at once can slip past.
        if (await lockout.RemainingAsync(address, ct) is { } longer)
            return await LockedAsync(address, longer, client, ct);

        var user = await users.FindByEmailAsync(address);
        if (!await turn.VerifyAsync(password, user?.PasswordHash) || user is null)
            return await FailAsync(address, user, user is null ? LoginOutcome.UnknownEmail : LoginOutcome.WrongPassword, client, new SignInOutcome.Refused(), ct);
        if (user.Status == UserStatus.Suspended)
            return await RecordAsync(address, user, LoginOutcome.NotAllowed, client, new SignInOutcome.Suspended(), ct);
        if (!user.EmailVerified)
            return await RecordAsync(address, user, LoginOutcome.EmailNotVerified, client, new SignInOutcome.EmailNotVerified(), ct);
        if (user.TwoFactorEnabled && string.IsNullOrWhiteSpace(code))
            return await RecordAsync(address, user, LoginOutcome.NotAllowed, client, new SignInOutcome.CodeRequired(), ct);
        if (user.TwoFactorEnabled && !await reauthentication.IsCodeAsync(user, code!))
            return await FailAsync(address, user, LoginOutcome.WrongCode, client, new SignInOutcome.CodeWrong(), ct);
        if (turn.IsOutdated(user.PasswordHash))
            await RehashAsync(user, await turn.HashAsync(password), ct);

        // The next one hashes while this one is written down. A failure keeps its turn until it counts.
        turn.Dispose();
        return await SucceedAsync(address, user, client, ct);
    }

    private async Task<SignInOutcome> SucceedAsync(string address, User user, ClientInfo client, CancellationToken ct)
    {
        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(LoginAttempt.Record(address, user.Id, LoginOutcome.Succeeded, client, now));
        if (await sessions.IsNewDeviceAsync(user.Id, client, ct))
            outbox.Enqueue(MailTypes.NewDevice, user.Id, new NewDeviceMail(DeviceName.Of(client.UserAgent), client.IpAddress, now), $"{MailTypes.NewDevice}:{Guid.CreateVersion7(now)}");
        var session = sessions.Start(user, client, now);
        await db.SaveChangesAsync(ct);
        await db.Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.LastLoginAt, now), ct);
        await transaction.CommitAsync(ct);
        return new SignInOutcome.SignedIn(session);
    }

    /// <summary>The failure that locks already says so, and the owner of the address is told.</summary>
    private async Task<SignInOutcome> FailAsync(string address, User? user, LoginOutcome failure, ClientInfo client, SignInOutcome answer, CancellationToken ct)
    {
        LogFailed(logger, user?.Id, client.IpAddress);
        await RecordAsync(address, user, failure, client, answer, ct);
        if (await lockout.RemainingAsync(address, ct) is not { } wait)
            return answer;
        await mails.RequestAsync(AccountMail.LockoutNotice, address, ct);
        return new SignInOutcome.Locked(wait);
    }

    private Task<SignInOutcome> LockedAsync(string address, TimeSpan wait, ClientInfo client, CancellationToken ct) =>
        RecordAsync(address, null, LoginOutcome.Locked, client, new SignInOutcome.Locked(wait), ct);

    private async Task<SignInOutcome> RecordAsync(string address, User? user, LoginOutcome outcome, ClientInfo client, SignInOutcome answer, CancellationToken ct)
    {
        db.Add(LoginAttempt.Record(address, user?.Id, outcome, client, clock.Now()));
        await db.SaveChangesAsync(ct);
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

/// <summary>Five failures within 15 minutes lock an address for 15 minutes, counted from the fifth (<see cref="AccountsOptions"/>).</summary>
public sealed class LoginLockout(FitTrackDbContext db, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>How long the address stays locked; null when it is not.</summary>
    public async Task<TimeSpan?> RemainingAsync(string normalizedEmail, CancellationToken ct)
    {
        var rules = options.Value;
        var now = clock.Now();
        var horizon = now - rules.LockoutWindow - rules.LockoutDuration;
        var recent = await db.Set<LoginAttempt>().AsNoTracking()
            .Where(a => a.NormalizedEmail == normalizedEmail && a.AttemptedAt > horizon
                && (a.Outcome == LoginOutcome.Succeeded || a.Outcome == LoginOutcome.WrongPassword || a.Outcome == LoginOutcome.UnknownEmail || a.Outcome == LoginOutcome.WrongCode))
            .OrderByDescending(a => a.AttemptedAt)
            .ThenByDescending(a => a.Id)
            .Select(a => new { a.Outcome, a.AttemptedAt })
            .Take(rules.LockoutFailures)
            .ToListAsync(ct);
        // A success forgets the failures before it.
        if (recent.Count < rules.LockoutFailures || recent.Exists(a => a.Outcome == LoginOutcome.Succeeded))
            return null;
        var last = recent[0].AttemptedAt;
        var unlocked = last + rules.LockoutDuration;
        return last - recent[^1].AttemptedAt <= rules.LockoutWindow && unlocked > now ? unlocked - now : null;
    }
}
