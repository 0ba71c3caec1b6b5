using System.ComponentModel.DataAnnotations;

namespace FitTrack.Api.Accounts;

/// <summary>Access tokens; section <c>Jwt</c>.</summary>
public sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <summary>Who issues them (<c>iss</c>) and whom they are for (<c>aud</c>); both are compared exactly.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Issuer { get; set; } = "fittrack";

    [Required(AllowEmptyStrings = false)]
    public string Audience { get; set; } = "fittrack-api";

    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How far the clocks of two machines may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Verified tokens remembered, about 4 kB each. Only the lean package set uses it.</summary>
    [Range(0, 1_000_000)]
    public int RememberedTokens { get; set; } = 4096;
}
