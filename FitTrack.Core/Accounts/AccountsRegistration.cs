using FitTrack.Core.Drawings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Accounts;

public static class AccountsRegistration
{
    /// <summary>Needs DataProtection (<c>AddFitTrackDataProtection</c>).</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordHashing>();
        services.AddHostedService<DemoAccountGuard>();
        services.TryAddScoped<StateEligibility>();
        services.TryAddScoped<MemberStandings>();
        return services
            .AddScoped<RegisterAccount>().AddScoped<EmailVerification>()
            .AddScoped<SignIn>().AddScoped<LoginLockout>().AddScoped<Sessions>().AddScoped<SigningKeys>()
            .AddScoped<AccountDirectory>().AddScoped<ChangeAccount>().AddScoped<CloseAccount>().AddScoped<AdministerAccount>()
            .AddScoped<MemberTiers>().AddScoped<AuditLog>();
    }
}
