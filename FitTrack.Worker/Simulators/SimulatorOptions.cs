using System.ComponentModel.DataAnnotations;
using FitTrack.Core.Seeding;

namespace FitTrack.Worker.Simulators;

/// <summary>
/// What the simulators pretend and to whom they send; configuration section <c>Simulators</c>. The credentials are public: they open
/// nothing but simulated data.
/// </summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Simulators";

    /// <summary>The same seed, account and day give the same data. It is the demo's seed too.</summary>
    public int Seed { get; set; } = new SeedOptions().Seed;

    /// <summary>Where everybody lives: days and local times are this zone's.</summary>
    public string TimeZone { get; set; } = "America/New_York";

    /// <summary>How far back the data of a new account goes, in days.</summary>
    [Range(0, 1_825)]
    public int HistoryDays { get; set; } = 30;

    /// <summary>
    /// So many of the demo's members are known to the providers from the start, with the tokens and keys that the demo has. Their workouts begin on the day of the start and their days on the next,
    /// so that they add to what the demo has.
    /// </summary>
    [Range(0, 10_000)]
    public int DemoUsers { get; set; } = new SeedOptions().Users;

    /// <summary>Takes Terra's users and Strava's tokens of an earlier run as known, since nothing is kept between runs.</summary>
    public bool RememberEarlierRuns { get; set; } = true;

    /// <summary>The widget call that Terra retires answers 410, as it does for accounts opened after 3 September 2026.</summary>
    public bool LegacyWidgetGone { get; set; } = true;

    public string TerraDevId { get; set; } = "fittrack-development";

    public string TerraApiKey { get; set; } = "terra-development-key"; // not a secret

    /// <summary>Signs Terra's webhooks.</summary>
    public string TerraWebhookSecret { get; set; } = "terra-development-secret"; // not a secret

    /// <summary>Where Terra's webhooks go; null sends none.</summary>
    public Uri? TerraWebhook { get; set; }

    public string StravaClientId { get; set; } = "10001";

    public string StravaClientSecret { get; set; } = "strava-development-secret"; // not a secret

    /// <summary>The callback that is subscribed from the start; null waits for <c>POST /push_subscriptions</c>.</summary>
    public Uri? StravaWebhook { get; set; }

    public long StravaSubscriptionId { get; set; } = 120_475;

    /// <summary>Calls a quarter hour and a day, all and reads alone.</summary>
    public int StravaLimit { get; set; } = 200;

    public int StravaDailyLimit { get; set; } = 2_000;

    public int StravaReadLimit { get; set; } = 100;

    public int StravaDailyReadLimit { get; set; } = 1_000;
}
