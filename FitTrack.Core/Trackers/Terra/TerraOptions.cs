using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>How Terra reaches us; configuration section <c>Terra</c>.</summary>
public sealed class TerraOptions
{
    public const string Section = "Trackers:Terra";

    /// <summary>What the simulated Terra signs with in Development. Everybody can read it here, so Production refuses it.</summary>
    internal const string DevelopmentSecret = "terra-development-secret"; // not a secret

    /// <summary>Signs the webhooks. Empty: none is accepted.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>Seconds by which a signature's time may differ from ours.</summary>
    [Range(1, 3_600)]
    public int SignatureToleranceSeconds { get; set; } = 300;

    /// <summary>Most items in one webhook; Terra sends 10 at most.</summary>
    [Range(1, 10_000)]
    public int MaxItems { get; set; } = 500;
}
