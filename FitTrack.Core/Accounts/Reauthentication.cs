using FitTrack.Core.Data;
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
public sealed class Reauthentication(FitTrackDbContext db, PasswordHashing hashing, LoginLockout lockout, Users users, TimeProvider clock)
{
    public async Task<ProofOutcome> ByPasswordAsync(User user, string password, ClientInfo client, CancellationToken ct)
    {
        if (await lockout.RemainingAsync(user.NormalizedEmail, ct) is { } wait)
            return new ProofOutcome.Locked(wait);
        using var turn = await hashing.TryEnterAsync(ct);
        if (turn is null)
            return new ProofOutcome.Busy();
        return await turn.VerifyAsync(password, user.PasswordHash) ? new ProofOutcome.Proven() : await FailAsync(user, LoginOutcome.WrongPassword, client, ct);
    }

    /// <summary>By a code of the authenticator or a recovery code; either is used up by it.</summary>
    public async Task<ProofOutcome> ByCodeAsync(User user, string code, ClientInfo client, CancellationToken ct)
    {
        if (await lockout.RemainingAsync(user.NormalizedEmail, ct) is { } wait)
            return new ProofOutcome.Locked(wait);
        return await IsCodeAsync(user, code) ? new ProofOutcome.Proven() : await FailAsync(user, LoginOutcome.WrongCode, client, ct);
    }

    internal async Task<bool> IsCodeAsync(User user, string code)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length == Totp.Digits && digits.All(char.IsAsciiDigit))
            return await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, digits);
        return user.TwoFactorEnabled && (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded;
    }

    private async Task<ProofOutcome> FailAsync(User user, LoginOutcome failure, ClientInfo client, CancellationToken ct)
    {
        db.Add(LoginAttempt.Record(user.NormalizedEmail, user.Id, failure, client, clock.Now()));
        await db.SaveChangesAsync(ct);
        return await lockout.RemainingAsync(user.NormalizedEmail, ct) is { } wait ? new ProofOutcome.Locked(wait) : new ProofOutcome.Wrong();
    }
}
