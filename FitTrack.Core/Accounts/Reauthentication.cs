using Microsoft.AspNetCore.Identity;

namespace FitTrack.Core.Accounts;

/// <summary>How a signed-in member's second proof of who they are ended.</summary>
public abstract record ProofOutcome
{
    private ProofOutcome()
    {
    }

    public sealed record Proven : ProofOutcome;

    public sealed record Wrong : ProofOutcome;

    public sealed record Locked(TimeSpan RetryAfter) : ProofOutcome;

    /// <summary>Too many passwords wait to be hashed.</summary>
    public sealed record Busy : ProofOutcome;
}

/// <summary>
/// Password or second factor once more, before something that a stolen session must not be able to do. Failures count towards the
/// lock-out, so that a session is no way around it.
/// </summary>
public sealed class Reauthentication(PasswordHashing hashing, LoginLockout lockout, Users users)
{
    public async Task<ProofOutcome> ByPasswordAsync(User user, string password, ClientInfo client, CancellationToken ct)
    {
        using var turn = await hashing.TryEnterAsync(ct);
        return turn is null ? new ProofOutcome.Busy() : await ProveAsync(user, () => turn.VerifyAsync(password, user.PasswordHash), LoginOutcome.WrongPassword, client, ct);
    }

    /// <summary>By a code of the authenticator or a recovery code; either is used up by it.</summary>
    public Task<ProofOutcome> ByCodeAsync(User user, string code, ClientInfo client, CancellationToken ct) =>
        ProveAsync(user, () => IsCodeAsync(user, code), LoginOutcome.WrongCode, client, ct);

    internal async Task<bool> IsCodeAsync(User user, string code)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length == Totp.Digits && digits.All(char.IsAsciiDigit))
            return await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, digits);
        return user.TwoFactorEnabled && (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded;
    }

    private async Task<ProofOutcome> ProveAsync(User user, Func<Task<bool>> isRight, LoginOutcome failure, ClientInfo client, CancellationToken ct)
    {
        var attempt = await lockout.ReserveAsync(user.NormalizedEmail, user.Id, client, ct);
        if (attempt.Locked is { } wait)
            return new ProofOutcome.Locked(wait);
        var right = await isRight();
        // No sign-in: what failed before is not forgotten, or one factor would buy guesses at the other.
        await lockout.SettleAsync(attempt, right ? LoginOutcome.NotAllowed : failure, ct);
        if (right)
            return new ProofOutcome.Proven();
        return await lockout.RemainingAsync(user.NormalizedEmail, ct) is { } locked ? new ProofOutcome.Locked(locked) : new ProofOutcome.Wrong();
    }
}
