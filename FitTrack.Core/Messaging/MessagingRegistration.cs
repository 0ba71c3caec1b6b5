using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Messaging;

public static partial class MessagingRegistration
{
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<InstanceId>();
        services.AddSingleton<BusMetrics>().AddSingleton(Transport).AddSingleton<MessageBus>()
            .AddSingleton<IMessageBus>(s => s.GetRequiredService<MessageBus>())
            .AddHostedService(s => s.GetRequiredService<MessageBus>());
        services.AddSingleton<CommitMessages.Interceptor>()
            .ConfigureDbContext<FitTrackDbContext>((s, db) => db.AddInterceptors(s.GetRequiredService<CommitMessages.Interceptor>()));
        services.AddScoped<Leases>().AddScoped<Heartbeats>()
            .AddScoped(s => new QueueLengths(s.GetServices<IWorkBacklog>(), s.GetRequiredService<BusMetrics>()));
        services.AddHealthChecks()
            .AddCheck<BusHealth>("cache", HealthStatus.Degraded, ["ready"])
            .AddCheck<WorkerHealth>("worker", HealthStatus.Degraded, ["ready"]);
        return services;
    }

    /// <summary>Redis where it is configured, else PostgreSQL's own notifications, else this process alone.</summary>
    private static IBusTransport Transport(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (configuration.GetConnectionString("redis") is { Length: > 0 })
        {
            IBusTransport? redis = null;
            CreateRedis(services, ref redis);
            return redis ?? throw new InvalidOperationException("ConnectionStrings:redis is set, but this build has no Redis client (package set lean).");
        }

        if (DatabaseRegistration.ProviderOf(configuration) == DatabaseProvider.Oracle)
            throw new InvalidOperationException("With Oracle the processes talk over Redis: set ConnectionStrings:redis.");
        return configuration.GetConnectionString(DatabaseOptions.ConnectionName) is { Length: > 0 } postgres
            ? new PostgresTransport(postgres, services.GetRequiredService<IOptions<MessagingOptions>>().Value.KeepAlive)
            : new InProcessTransport();
    }

    /// <summary>Written in <c>RedisMessageBus.Full.cs</c>; without that file the call is dropped.</summary>
    static partial void CreateRedis(IServiceProvider services, ref IBusTransport? transport);
}
