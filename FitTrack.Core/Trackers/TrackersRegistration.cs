using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Hevy;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitTrack.Core.Trackers;

public static class TrackersRegistration
{
    public static IServiceCollection AddTrackers(this IServiceCollection services)
    {
        services.AddOptions<TrackerOptions>().BindConfiguration(TrackerOptions.Section);
        services.AddOptions<TerraOptions>().BindConfiguration(TerraOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate<IHostEnvironment>(
                static (terra, environment) => terra.WebhookSecret != TerraOptions.DevelopmentSecret || !(environment.IsProduction() || environment.IsStaging()),
                "Trackers:Terra:WebhookSecret is the development secret, which is public. Set the one that Terra gave you.");
        services.AddOptions<StravaOptions>().BindConfiguration(StravaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HevyOptions>().BindConfiguration(HevyOptions.Section);
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient<TerraClient>(ProviderHttp.Configure);
        services.AddHttpClient<StravaClient>(ProviderHttp.Configure);
        services.AddHttpClient<HevyClient>(ProviderHttp.Configure);
        services.AddScoped<ITrackerSource, TerraSource>().AddScoped<ITrackerSource, StravaSource>().AddScoped<ITrackerSource, HevySource>();
        return services
            .AddScoped<RateGovernor>()
            .AddSingleton<SyncServices>()
            .AddSingleton<TrackerSecrets>()
            .AddScoped<SignInStates>().AddScoped<BeginConnection>().AddScoped<FinishConnection>().AddScoped<DisconnectTracker>().AddScoped<TrackerFarewell>().AddScoped<IDeferredWork>(s => s.GetRequiredService<TrackerFarewell>())
            .AddScoped<ConnectionTokens>()
            .AddScoped<StravaRetention>()
            .AddScoped<SyncRun>()
            .AddSingleton<SyncRunner>()
            .AddScoped<SyncJobs>()
            .AddScoped<IWorkBacklog>(s => s.GetRequiredService<SyncJobs>())
            .AddScoped<PrimaryTrackers>()
            .AddScoped<TrackerConnections>()
            .AddScoped<WebhookInbox>()
            .AddScoped<IWorkBacklog>(s => s.GetRequiredService<WebhookInbox>())
            .AddScoped<WebhookBatch>()
            .AddSingleton<WebhookProcessor>();
    }
}
