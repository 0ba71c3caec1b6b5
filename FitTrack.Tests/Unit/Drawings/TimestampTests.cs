using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

/// <summary>What the command makes of RFC 3161 tokens over a manifest.</summary>
public sealed class TimestampTests : IDisposable
{
    private const string Unproven = "commitment time unproven";

    /// <summary>When quicknet gives the vector's round.</summary>
    private static readonly DateTimeOffset Given = DateTimeOffset.FromUnixTimeSeconds(1_692_803_367 + ((PublishedVector.Round - 1) * 3));

    private static readonly byte[] ManifestHash = Convert.FromHexString(PublishedVector.ManifestHash);

    private readonly TestTimestampAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Verify_ATokenOlderThanTheRound_ProvesTheTimeOfTheCommitment()
    {
        var verdict = Verify(_authority.Token(ManifestHash, Given.AddSeconds(-1)));

        Assert.Equal(Outcome.NotIndependent, verdict.Outcome);
        Assert.StartsWith("beacon signature not authenticated", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
        Assert.Contains(verdict.Findings, f => f == $"timestamp: CN=Test time signed that the manifest was there at {Given.AddSeconds(-1).UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}");
    }

    [Fact]
    public void Verify_ATokenThatIsNoOlderThanTheRound_ProvesNothing() =>
        Assert.Contains($"{Unproven}: the time-stamp token is not older than the beacon's round", Verify(_authority.Token(ManifestHash, Given)).Reasons);

    [Fact]
    public void Verify_ATokenOfAnUnknownAuthority_ProvesNothing()
    {
        using var stranger = new TestTimestampAuthority();

        Assert.Contains(Verify(stranger.Token(ManifestHash, Given.AddHours(-1))).Reasons, r => r.StartsWith($"{Unproven}: the authority", StringComparison.Ordinal));
        Assert.Contains(Verify(_authority.Token(ManifestHash, Given.AddHours(-1)), isTrusted: false).Reasons, r => r.StartsWith($"{Unproven}: the authority", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Tampered => new()
    {
        { "no base64", "'timestampToken' is not base64" },
        { "no token", "'timestampToken' is not an RFC 3161 token" },
        { "more behind it", "'timestampToken' is not an RFC 3161 token" },
        { "over another manifest", "the token is not over this manifest" },
        { "another time", "the token's signature does not verify" },
        { "another signature", "the token's signature does not verify" },
    };

    [Theory, MemberData(nameof(Tampered))]
    public void Verify_ATamperedToken_IsInvalidAndSaysWhy(string tampering, string reason)
    {
        var token = _authority.Token(ManifestHash, Given.AddHours(-1));
        var verdict = tampering switch
        {
            "no base64" => Verify("%%%"),
            "no token" => Verify(PublishedVector.Holder(1)),
            "more behind it" => Verify([.. token, 0]),
            "over another manifest" => Verify(_authority.Token(SHA256.HashData("another"u8), Given.AddHours(-1))),
            "another time" => Verify(Replace(token, TimeText(Given.AddHours(-1)), TimeText(Given.AddHours(-2)))),
            _ => Verify([.. token[..^1], (byte)(token[^1] ^ 1)]),
        };

        Assert.Equal((Outcome.Invalid, "timestamp", reason), (verdict.Outcome, verdict.FailedStep, Assert.Single(verdict.Reasons)));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("https://tsa.example/tsr", true, true)]
    [InlineData("http://tsa.example:318", true, true)]
    [InlineData("ftp://tsa.example", false, true)]
    [InlineData("tsa.example/tsr", false, true)]
    public void Authority_IsAnAddressOrNone(string setting, bool usable, bool configured)
    {
        var options = new DrawingOptions();
        new ConfigurationBuilder().AddInMemoryCollection([new("Drawings:TimestampAuthority", setting)]).Build().Bind(DrawingOptions.Section, options);

        Assert.Equal((usable, configured), (options.TimestampAuthorityIsUsable, options.TimestampAuthority is not null));
    }

    private static byte[] TimeText(DateTimeOffset time) => System.Text.Encoding.ASCII.GetBytes(time.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture));

    private static byte[] Replace(byte[] token, byte[] what, byte[] with)
    {
        var at = token.AsSpan().IndexOf(what);
        Assert.True(at > 0);
        return [.. token[..at], .. with, .. token[(at + what.Length)..]];
    }

    private Verdict Verify(byte[] token, bool isTrusted = true) => Verify(Convert.ToBase64String(token), isTrusted);

    private Verdict Verify(string token, bool isTrusted = true)
    {
        JsonObject bundle = Bundles.OfVector();
        bundle["timestampToken"] = token;
        return DrawingVerifier.Verify(JsonElement.Parse(bundle.ToJsonString()), null, isTrusted ? _authority.Roots : null);
    }
}
