using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Seeding;

/// <summary>The use cases once more, over the same database, keys and bus, but with a clock that the seeding moves.</summary>
internal static class SeedServices
{
    public static ServiceProvider Over(IServiceProvider host, SeedClock clock)
    {
        var database = host.GetRequiredService<DbContextOptions<FitTrackDbContext>>();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(host.GetRequiredService<IConfiguration>());
        services.AddSingleton(host.GetRequiredService<IHostEnvironment>());
        services.AddSingleton(host.GetRequiredService<ILoggerFactory>());
        services.AddLogging().AddMetrics();
        services.AddFitTrackCore();
        services.AddSingleton(host.GetRequiredService<IDataProtectionProvider>());
        services.AddSingleton(host.GetRequiredService<IMessageBus>());
        services.AddScoped(_ => new FitTrackDbContext(database));
        return services.BuildServiceProvider();
    }
}
