using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>How we reach Terra and how it reaches us; configuration section <c>Trackers:Terra</c>.</summary>
public sealed class TerraOptions
{
    public const string Section = "Trackers:Terra";

    /// <summary>What the simulated Terra signs with in Development. Everybody can read it here, so Production refuses it.</summary>
    internal const string DevelopmentSecret = "terra-development-secret"; // not a secret

    /// <summary>The REST interface, up to and without the resource (<c>/activity</c>).</summary>
    public Uri BaseUrl { get; set; } = new("https://access.tryterra.co/api/v2");

    /// <summary>Where a widget session is asked for. Terra's sources disagree about it, so it is a setting of its own (providers 1.2).</summary>
    public Uri WidgetUrl { get; set; } = new("https://access.tryterra.co/api/widget/session");

    /// <summary>Ask <c>{BaseUrl}/auth/generateWidgetSession</c> instead, which Terra has deprecated.</summary>
    public bool LegacyWidget { get; set; }

    /// <summary>Sent as <c>dev-id</c>. Without it and <see cref="ApiKey"/> nothing is asked of Terra; its webhooks still work.</summary>
    public string DevId { get; set; } = "";

    /// <summary>Sent as <c>x-api-key</c>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>What members may connect through Terra's widget, by our names, separated by commas.</summary>
    public string Providers { get; set; } = "fitbit,garmin,google_fit,oura,polar,suunto,withings,whoop,coros,wahoo,peloton,huawei";

    /// <summary>Signs the webhooks. Empty: none is accepted.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>Seconds by which a signature's time may differ from ours.</summary>
    [Range(1, 3_600)]
    public int SignatureToleranceSeconds { get; set; } = 300;

    /// <summary>Most items in one webhook; Terra sends 10 at most.</summary>
    [Range(1, 10_000)]
    public int MaxItems { get; set; } = 500;

    public bool IsConfigured => DevId.Length > 0 && ApiKey.Length > 0;
}
