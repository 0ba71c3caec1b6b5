using System.ComponentModel.DataAnnotations;

namespace FitTrack.Api.Http;

/// <summary>Requests a minute and caller (member, else address); section <c>RateLimits</c>. Windows begin with the minute.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>GET and HEAD.</summary>
    [Range(1, int.MaxValue)]
    public int Reads { get; set; } = 100;

    /// <summary>Every other method.</summary>
    [Range(1, int.MaxValue)]
    public int Writes { get; set; } = 30;

    [Range(1, int.MaxValue)]
    public int Leaderboards { get; set; } = 60;

    /// <summary>So many refusals within a minute block the address altogether; 0 never blocks.</summary>
    [Range(0, int.MaxValue)]
    public int BlockAfterRefusals { get; set; } = 100;

    [Range(1, 24 * 60)]
    public int BlockMinutes { get; set; } = 15;
}

/// <summary>What is counted apart from other requests.</summary>
internal enum RateLimitKind
{
    Read,
    Write,
    Leaderboard,
}

/// <summary>On an endpoint or group: count it as this kind, whatever its method.</summary>
internal sealed record RateLimitMetadata(RateLimitKind Kind);

internal static class RateLimitConventions
{
    /// <summary>Counts the endpoints apart. To exempt endpoints (webhooks, health) use the framework's <c>DisableRateLimiting()</c>.</summary>
    public static TBuilder CountAs<TBuilder>(this TBuilder endpoints, RateLimitKind kind)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RateLimitMetadata(kind));
}
