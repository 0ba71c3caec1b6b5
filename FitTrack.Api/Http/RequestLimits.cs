using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Http;

/// <summary>Section <c>RequestLimits</c>.</summary>
internal sealed class RequestLimitOptions
{
    public const string Section = "RequestLimits";

    /// <summary>The largest body, in bytes, where an endpoint says nothing else.</summary>
    [Range(1024, 1L << 30)]
    public long BodyBytes { get; set; } = 1 << 20;

    /// <summary>The largest body of a provider's webhook, in bytes.</summary>
    [Range(1024, 1L << 30)]
    public long WebhookBytes { get; set; } = 4 << 20;

    /// <summary>The longest that an answer may take to begin, in seconds, where an endpoint says nothing else; then it is 504.</summary>
    [Range(1, 3600)]
    public int Seconds { get; set; } = 30;

    /// <summary>The longest that a caller may take to send the headers, in seconds.</summary>
    [Range(1, 600)]
    public int HeaderSeconds { get; set; } = 15;
}

internal sealed class KestrelLimits(IOptions<RequestLimitOptions> limits) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.Value.HeaderSeconds);
        options.AddServerHeader = false;
    }
}

internal static class RequestLimitConventions
{
    /// <summary>Another limit for the body of these endpoints; 413 above it.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder endpoints, long bytes)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new BodyLimit(bytes));

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
