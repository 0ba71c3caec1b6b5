namespace FitTrack.AppHost;

/// <summary>What leads Api and Worker to one simulated provider.</summary>
/// <param name="SetUpBy">The setting by which a person sets the provider up for real; then it stays real.</param>
/// <param name="Addresses">Settings, and the paths below the simulators' own address that they lead to.</param>
/// <param name="Values">Further settings; the simulators read the same.</param>
internal sealed record SimulatedTracker(string SetUpBy, IReadOnlyList<(string Name, string Path)> Addresses, IReadOnlyList<(string Name, string Value)> Values)
{
    private static readonly SimulatedTracker[] All =
    [
        new(
            "Trackers__Terra__ApiKey",
            [("Trackers__Terra__BaseUrl", "/terra/api/v2"), ("Trackers__Terra__WidgetUrl", "/terra/api/widget/session")],
            [("Trackers__Terra__DevId", "fittrack-development"), ("Trackers__Terra__ApiKey", "terra-development-key")]), // not a secret
        new(
            "Trackers__Strava__ClientSecret",
            [("Trackers__Strava__BaseUrl", "/strava")],
            [("Trackers__Strava__ClientId", "10001"), ("Trackers__Strava__ClientSecret", "strava-development-secret"), // not a secret
                ("Trackers__Strava__WebhookKey", "simulated"), ("Trackers__Strava__SubscriptionId", "120475")]),
        new("Trackers__Hevy__BaseUrl", [("Trackers__Hevy__BaseUrl", "/hevy")], []),
    ];

    /// <summary>Those that nobody has set up for real.</summary>
    public static IEnumerable<SimulatedTracker> Among(Func<string, string?> environment) => All.Where(tracker => string.IsNullOrEmpty(environment(tracker.SetUpBy)));
}
