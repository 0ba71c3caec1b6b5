using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Reports;

public static class ReportsRegistration
{
    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.TryAddScoped<MemberDirectory>();
        services.TryAddScoped<PointReplay>();
        services.TryAddScoped<LedgerVerifier>();
        return services.AddScoped<SystemReports>().AddScoped<FairnessReport>();
    }
}
