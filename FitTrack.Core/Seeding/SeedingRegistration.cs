using FitTrack.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core.Seeding;

public static class SeedingRegistration
{
    public static IServiceCollection AddSeeding(this IServiceCollection services)
    {
        services.TryAddScoped<SchemaMigrator>();
        return services.AddScoped<DemoSeeder>().AddScoped<DatabaseReset>();
    }
}
