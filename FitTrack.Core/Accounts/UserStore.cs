using FitTrack.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>
/// ASP.NET Core Identity over our own <see cref="User"/>, which guards its invariants where IdentityUser has public setters. Changes are
/// made to the context only: the use case saves them together with whatever else belongs to them. The address is the name.
/// </summary>
internal sealed class UserStore(FitTrackDbContext db, IDataProtectionProvider protection, TimeProvider clock) :
    IUserPasswordStore<User>, IUserEmailStore<User>, IUserSecurityStampStore<User>,
    IUserTwoFactorStore<User>, IUserAuthenticatorKeyStore<User>, IUserTwoFactorRecoveryCodeStore<User>
{
    private readonly IDataProtector _secrets = protection.CreateProtector("FitTrack.Accounts.TotpSecret");

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => GetEmailAsync(user, cancellationToken);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => GetNormalizedEmailAsync(user, cancellationToken);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        db.Add(user);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        user.Delete(clock.Now());
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? db.Set<User>().SingleOrDefaultAsync(u => u.Id == id && u.Status != UserStatus.Deleted, cancellationToken) : Task.FromResult<User?>(null);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.ChangePassword(passwordHash ?? throw new ArgumentNullException(nameof(passwordHash), "Every account has a password."), clock.Now());
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(email, out var address))
            throw new ArgumentException("Not an e-mail address.", nameof(email));
        user.ChangeEmail(address, verified: false, clock.Now());
        return Task.CompletedTask;
    }

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.EmailVerified);

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken)
    {
        if (!confirmed)
            throw new NotSupportedException("Only a new address is unconfirmed.");
        user.VerifyEmail(clock.Now());
        return Task.CompletedTask;
    }

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        db.Set<User>().SingleOrDefaultAsync(u => u.NormalizedEmail == normalizedEmail && u.Status != UserStatus.Deleted, cancellationToken);

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    /// <summary>The entity normalises its address itself.</summary>
    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken)
    {
        user.RenewStamp(stamp);
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public async Task SetTwoFactorEnabledAsync(User user, bool enabled, CancellationToken cancellationToken)
    {
        if (enabled)
        {
            user.EnableTwoFactor(clock.Now());
            return;
        }

        user.DisableTwoFactor(clock.Now());
        await ReplaceCodesAsync(user, [], cancellationToken);
    }

    public Task<bool> GetTwoFactorEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactorEnabled);

    public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken)
    {
        user.PrepareTwoFactor(_secrets.Protect(key), clock.Now());
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.ProtectedTotpSecret is { } secret ? _secrets.Unprotect(secret) : null);

    public async Task ReplaceCodesAsync(User user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        await db.Set<RecoveryCode>().Where(c => c.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(recoveryCodes.Select(code => RecoveryCode.Create(user.Id, code, clock.Now())));
    }

    public async Task<bool> RedeemCodeAsync(User user, string code, CancellationToken cancellationToken)
    {
        var unused = await Unused(user).ToListAsync(cancellationToken);
        if (unused.Find(c => c.Is(code)) is not { } match)
            return false;
        var now = clock.Now();
        // Of two sign-ins with one code, the second finds it used.
        return await Unused(user).Where(c => c.Id == match.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.UsedAt, now), cancellationToken) == 1;
    }

    public Task<int> CountCodesAsync(User user, CancellationToken cancellationToken) => Unused(user).CountAsync(cancellationToken);

    public void Dispose()
    {
        // The context belongs to the scope.
    }

    private IQueryable<RecoveryCode> Unused(User user) => db.Set<RecoveryCode>().AsNoTracking().Where(c => c.UserId == user.Id && c.UsedAt == null);
}
