using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Api.Accounts;

internal static class AccountsApi
{
    /// <summary>Sign-in, tokens and policies.</summary>
    public static IServiceCollection AddAccountsApi(this IServiceCollection services)
    {
        services.AddSingleton<JwtKeys>().AddSingleton<IJwtKeys>(s => s.GetRequiredService<JwtKeys>());
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RevokedSessions>().AddHostedService(s => s.GetRequiredService<RevokedSessions>());
        services.Replace(ServiceDescriptor.Singleton<IRevokedSessions>(s => s.GetRequiredService<RevokedSessions>()));
        services.AddFitTrackJwt();
        return services.AddFitTrackPolicies();
    }
}
