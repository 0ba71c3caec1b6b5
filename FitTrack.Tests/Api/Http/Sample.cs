using System.ComponentModel.DataAnnotations;

namespace FitTrack.Tests.Api.Http;

/// <summary>A request with a bit of everything.</summary>
public sealed record Sample(
    [property: Required] string? DisplayName,
    [property: Range(1, 100)] int? Quantity,
    double? DistanceMeters,
    DateTimeOffset? StartedAt,
    DateOnly? Day,
    SampleKind? Kind,
    [property: MaxLength(3)] IReadOnlyList<SamplePrize>? Prizes);

public sealed record SamplePrize([property: Required, StringLength(10)] string? SponsorName);

public enum SampleKind
{
    Walk,
    TrailRun,
}
