using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Api.Trackers;

internal static class TrackersApi
{
    /// <summary>The address that a provider sends browsers back to must not be what a request's Host header says.</summary>
    public static IServiceCollection AddTrackersApi(this IServiceCollection services)
    {
        services.AddOptions<TrackerOptions>().ValidateOnStart().Validate<IHostEnvironment, IConfiguration>(
            static (trackers, environment, configuration) => trackers.PublicUrl is { IsAbsoluteUri: true } || !environment.IsProduction() || !HasCredentials(configuration),
            "Trackers:PublicUrl is not set. Set the Api's address as browsers reach it: sign-ins at Terra and Strava come back there.");
        return services;
    }

    private static bool HasCredentials(IConfiguration configuration) =>
        configuration.GetSection(TerraOptions.Section).Get<TerraOptions>()?.IsConfigured == true || configuration.GetSection(StravaOptions.Section).Get<StravaOptions>()?.IsConfigured == true;
}
