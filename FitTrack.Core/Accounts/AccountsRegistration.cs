using FitTrack.Core.Drawings;
using FitTrack.Core.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Accounts;

public static class AccountsRegistration
{
    /// <summary>Needs DataProtection (<c>AddFitTrackDataProtection</c>).</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddFitTrackIdentity();
        services.AddHostedService<DemoAccountGuard>();
        services.TryAddScoped<StateEligibility>();
        services.TryAddScoped<MemberStandings>();
        return services
            .AddScoped<RegisterAccount>().AddScoped<EmailVerification>().AddScoped<PasswordReset>().AddScoped<ChangePassword>()
            .AddScoped<AccountLinks>().AddScoped<AccountMails>().AddScoped<IDeferredWork>(s => s.GetRequiredService<AccountMails>()).AddScoped<SecurityNotices>()
            .AddScoped<Reauthentication>().AddScoped<TwoFactor>().AddScoped<SelfLimits>()
            .AddScoped<SignIn>().AddScoped<LoginLockout>().AddScoped<Sessions>().AddScoped<SigningKeys>().AddScoped<ExpiredSignIns>()
            .AddScoped<AccountDirectory>().AddScoped<ChangeAccount>().AddScoped<CloseAccount>().AddScoped<AdministerAccount>()
            .AddScoped<MemberTiers>().AddScoped<AuditLog>();
    }
}
