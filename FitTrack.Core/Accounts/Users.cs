using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>Identity's manager of accounts: look-up, new passwords, authenticator secrets and recovery codes.</summary>
public sealed class Users(
    IUserStore<User> store, IOptions<IdentityOptions> options, IPasswordHasher<User> hasher, IEnumerable<IUserValidator<User>> userValidators,
    IEnumerable<IPasswordValidator<User>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<Users> logger)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    /// <summary>Replaces the password after all validators took it; hashes on this thread. The caller saves.</summary>
    public Task<IdentityResult> SetPasswordAsync(User user, string password) => UpdatePasswordHash(user, password, validatePassword: true);
}

internal static class IdentityRegistration
{
    /// <summary>Identity's core with our store, bcrypt, our normal form of addresses, our password rules and our clock.</summary>
    public static IServiceCollection AddFitTrackIdentity(this IServiceCollection services)
    {
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<IPasswordHasher<User>>(s => s.GetRequiredService<PasswordHashing>());
        services.AddSingleton<ILookupNormalizer, AddressNormalizer>();
        // Registered before Identity's own, which then stays out.
        services.AddScoped<IPasswordValidator<User>, PasswordRules>();
        services.AddIdentityCore<User>(identity => identity.User.AllowedUserNameCharacters = "")
            .AddUserStore<UserStore>()
            .AddUserManager<Users>()
            .AddTokenProvider<TotpProvider>(TokenOptions.DefaultAuthenticatorProvider);
        return services;
    }

    private sealed class AddressNormalizer : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => EmailAddress.Normalize(name);

        public string? NormalizeEmail(string? email) => EmailAddress.Normalize(email);
    }

    private sealed class PasswordRules : IPasswordValidator<User>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
        {
            var email = EmailAddress.TryParse(user.Email, out var parsed) ? parsed : null;
            var problems = PasswordPolicy.Problems(password ?? "", email).Select(text => new IdentityError { Code = nameof(PasswordPolicy), Description = text }).ToArray();
            return Task.FromResult(problems.Length == 0 ? IdentityResult.Success : IdentityResult.Failed(problems));
        }
    }
}
