namespace FitTrack.Api.Accounts;

/// <summary>Who may call a group of endpoints.</summary>
internal static class Policies
{
    public const string Admin = "admin";

    public static IServiceCollection AddFitTrackPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder().AddPolicy(Admin, policy => policy.RequireAuthenticatedUser().RequireRole("admin"));
        return services;
    }

    /// <summary>Administrators only.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.RequireAuthorization(Admin);
}
