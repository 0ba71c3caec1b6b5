using System.Globalization;
using FitTrack.Web.Api;

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
        SignInEnd.Connected => ($"{Of(provider)} is connected. Your first data is on its way.", true),
        SignInEnd.Pending or SignInEnd.Waiting => ($"{Of(provider)} has agreed. It is connected as soon as its message arrives, usually within seconds.", true),
        SignInEnd.Denied => ($"You did not allow {Of(provider)} to share your data. Nothing was connected.", false),
        SignInEnd.Expired => ("You began no such sign-in, or too long ago. Please begin again, signed in as yourself.", false),
        SignInEnd.ScopeMissing => ($"{Of(provider)} needs your permission to read activities. Please begin again and leave it ticked.", false),
        SignInEnd.Taken => ($"This {Of(provider)} account feeds another member already. An account can feed one member only.", false),
        _ => ($"{Of(provider)} could not be connected. Please try again.", false),
    };
}
