using System.Globalization;
using FitTrack.Web.Api;
using FitTrack.Web.Components.Shared;

namespace FitTrack.Web.Components.Trackers;

/// <summary>Providers as their makers spell them.</summary>
internal static class TrackerNames
{
    /// <summary>Those that are connected by signing in there, in a browser.</summary>
    public static readonly string[] BySignIn = ["fitbit", "garmin", "google_fit", "strava"];

    public static string Of(string provider) => provider switch
    {
        "apple_health" => "Apple Health",
        "google_fit" => "Google Fit",
        "map_my_fitness" => "MapMyFitness",
        _ => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(provider.Replace('_', ' ')),
    };

    /// <summary>How a sign-in at a provider ended, for the member.</summary>
    public static (string Text, bool IsGood) Result(string provider, SignInEnd end) => end switch
    {
        SignInEnd.Connected => (Show.Text(Text.IsConnected, Of(provider)), true),
        SignInEnd.Pending or SignInEnd.Waiting => (Show.Text(Text.HasAgreed, Of(provider)), true),
        SignInEnd.Denied => (Show.Text(Text.Denied, Of(provider)), false),
        SignInEnd.Expired => (Text.Expired, false),
        SignInEnd.ScopeMissing => (Show.Text(Text.ScopeMissing, Of(provider)), false),
        SignInEnd.Taken => (Show.Text(Text.Taken, Of(provider)), false),
        _ => (Show.Text(Text.Failed, Of(provider)), false),
    };
}
