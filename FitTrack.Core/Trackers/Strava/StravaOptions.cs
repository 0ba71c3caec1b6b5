using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>How we reach Strava; configuration section <c>Trackers:Strava</c>. Off until <see cref="ClientId"/> and <see cref="ClientSecret"/> are set.</summary>
public sealed class StravaOptions
{
    public const string Section = "Trackers:Strava";

    /// <summary>The site: <c>{BaseUrl}/oauth/...</c> and <c>{BaseUrl}/api/v3/...</c> are taken from it.</summary>
    public Uri BaseUrl { get; set; } = new("https://www.strava.com");

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>What Strava repeats as <c>hub.verify_token</c> when the webhook subscription is made. Empty: no subscription is confirmed.</summary>
    public string VerifyToken { get; set; } = "";

    /// <summary>Strava does not sign: with a key, events are taken at <c>/webhooks/strava/{key}</c> only.</summary>
    [StringLength(100)]
    public string WebhookKey { get; set; } = "";

    /// <summary>The subscription's id, which every event names; null: not compared.</summary>
    public long? SubscriptionId { get; set; }

    /// <summary>Read requests in a quarter of an hour, of the whole application (providers 2.4).</summary>
    [Range(1, 1_000_000)]
    public int ReadsPerQuarterHour { get; set; } = 100;

    /// <summary>Read requests in a UTC day, of the whole application.</summary>
    [Range(1, 10_000_000)]
    public int ReadsPerDay { get; set; } = 1_000;

    /// <summary>Days that activities are kept after they were last fetched (providers 2.1); more only where a contract allows it.</summary>
    [Range(1, 3_650)]
    public int KeepDays { get; set; } = 7;

    public bool IsConfigured => ClientId.Length > 0 && ClientSecret.Length > 0;
}
