using FitTrack.Core.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Points;

public static class PointsRegistration
{
    public static IServiceCollection AddPoints(this IServiceCollection services)
    {
        services.AddOptions<PointsOptions>().BindConfiguration(PointsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddScoped<ScoringMembers>();
        services.TryAddScoped<AuditLog>();
        return services
            .AddScoped<Ledger>()
            .AddScoped<LedgerVerifier>()
            .AddScoped<LedgerRoots>()
            .AddScoped<PointsOverviews>()
            .AddScoped<PointReplay>()
            .AddScoped<AdjustPoints>();
    }
}
