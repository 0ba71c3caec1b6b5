namespace FitTrack.Core.Trackers.Hevy;

/// <summary>How we reach Hevy; configuration section <c>Trackers:Hevy</c>. Each member brings an API key of their own.</summary>
public sealed class HevyOptions
{
    public const string Section = "Trackers:Hevy";

    public Uri BaseUrl { get; set; } = new("https://api.hevyapp.com");

    /// <summary>Between two requests with one key; Hevy publishes no limit, one a second is polite.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);
}
