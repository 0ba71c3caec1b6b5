using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>Whether a member signs in with a second factor.</summary>
public sealed record TwoFactorState(bool Enabled, DateTimeOffset? EnabledAt, int RecoveryCodesLeft);

/// <summary>How a step of switching two-factor sign-in on or off ended.</summary>
public abstract record TwoFactorOutcome
{
    private TwoFactorOutcome()
    {
    }

    /// <param name="Secret">base32, for typing it into an authenticator. Secret.</param>
    /// <param name="Uri">The same as a key URI (<c>otpauth://totp/...</c>), for a QR code. Secret.</param>
    public sealed record Started(string Secret, string Uri) : TwoFactorOutcome;

    /// <param name="RecoveryCodes">Told here and never again.</param>
    public sealed record Enabled(IReadOnlyList<string> RecoveryCodes) : TwoFactorOutcome;

    public sealed record Disabled : TwoFactorOutcome;

    public sealed record NotFound : TwoFactorOutcome;

    public sealed record AlreadyEnabled : TwoFactorOutcome;

    /// <summary>There is no secret to confirm, or nothing to switch off.</summary>
    public sealed record NotStarted : TwoFactorOutcome;

    public sealed record NotProven(ProofOutcome Proof) : TwoFactorOutcome;
}

/// <summary>
/// Two-factor sign-in by an authenticator app: the password gives a secret, a first code of it switches it on and gives ten recovery codes,
/// a code or a recovery code switches it off.
/// </summary>
public sealed class TwoFactor(FitTrackDbContext db, Users users, Reauthentication reauthentication, SecurityNotices notices, TimeProvider clock)
{
    private const int RecoveryCodes = 10;
    private const string Issuer = "FitTrack";

    /// <summary>Null when there is no such account.</summary>
    public async Task<TwoFactorState?> StateAsync(Guid userId, CancellationToken ct) =>
        await FindAsync(userId, ct) is { } user ? new TwoFactorState(user.TwoFactorEnabled, user.TwoFactorEnabledAt, await users.CountRecoveryCodesAsync(user)) : null;

    /// <summary>Makes a secret; an earlier one that was not confirmed is forgotten.</summary>
    public async Task<TwoFactorOutcome> StartAsync(Guid userId, string password, ClientInfo client, CancellationToken ct)
    {
        if (await FindAsync(userId, ct) is not { } user)
            return new TwoFactorOutcome.NotFound();
        if (user.TwoFactorEnabled)
            return new TwoFactorOutcome.AlreadyEnabled();
        var proof = await reauthentication.ByPasswordAsync(user, password, client, ct);
        if (proof is not ProofOutcome.Proven)
            return new TwoFactorOutcome.NotProven(proof);

        await users.ResetAuthenticatorKeyAsync(user);
        await db.SaveChangesAsync(ct);
        var secret = await users.GetAuthenticatorKeyAsync(user) ?? throw new InvalidOperationException("The secret that was just made is gone.");
        var uri = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(user.Email)}?secret={secret}&issuer={Issuer}&algorithm=SHA1&digits={Totp.Digits}&period={Totp.StepSeconds}";
        return new TwoFactorOutcome.Started(secret, uri);
    }

    public async Task<TwoFactorOutcome> ConfirmAsync(Guid userId, string code, ClientInfo client, CancellationToken ct)
    {
        if (await FindAsync(userId, ct) is not { } user)
            return new TwoFactorOutcome.NotFound();
        if (user.TwoFactorEnabled)
            return new TwoFactorOutcome.AlreadyEnabled();
        if (user.ProtectedTotpSecret is null)
            return new TwoFactorOutcome.NotStarted();
        var proof = await reauthentication.ByCodeAsync(user, code, client, ct);
        if (proof is not ProofOutcome.Proven)
            return new TwoFactorOutcome.NotProven(proof);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await users.SetTwoFactorEnabledAsync(user, enabled: true);
        var codes = (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes))!.ToList();
        notices.Add(userId, SecurityChange.TwoFactorEnabled, clock.Now());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new TwoFactorOutcome.Enabled(codes);
    }

    public async Task<TwoFactorOutcome> DisableAsync(Guid userId, string code, ClientInfo client, CancellationToken ct)
    {
        if (await FindAsync(userId, ct) is not { } user)
            return new TwoFactorOutcome.NotFound();
        if (!user.TwoFactorEnabled)
            return new TwoFactorOutcome.NotStarted();
        var proof = await reauthentication.ByCodeAsync(user, code, client, ct);
        if (proof is not ProofOutcome.Proven)
            return new TwoFactorOutcome.NotProven(proof);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await users.SetTwoFactorEnabledAsync(user, enabled: false);
        notices.Add(userId, SecurityChange.TwoFactorDisabled, clock.Now());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new TwoFactorOutcome.Disabled();
    }

    private Task<User?> FindAsync(Guid userId, CancellationToken ct) => db.Set<User>().SingleOrDefaultAsync(u => u.Id == userId && u.Status == UserStatus.Active, ct);
}
