using System.ComponentModel.DataAnnotations;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>
/// How outgoing calls deal with slow and failing servers; section <c>Http</c>. One circuit is kept for each authority
/// (scheme, host and port), so that one broken provider does not close the way to the others.
/// </summary>
public sealed class HttpResilienceOptions
{
    public const string Section = "Http";

    /// <summary>All attempts and the waits between them.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>One attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first.</summary>
    [Range(1, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>Before the first retry; doubled for each further one, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A server that asks for a longer pause with <c>Retry-After</c> is not asked again; its answer goes to the caller.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The circuit opens when this share of the calls of a sampling period failed.</summary>
    [Range(0.01, 1.0)]
    public double BreakAtFailureRatio { get; set; } = 0.5;

    /// <summary>Fewer calls than this in a sampling period never open the circuit.</summary>
    [Range(2, 10_000)]
    public int BreakAtMinimumCalls { get; set; } = 20;

    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakSampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls before it tries one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
