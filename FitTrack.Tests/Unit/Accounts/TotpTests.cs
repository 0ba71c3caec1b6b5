using System.Text;
using FitTrack.Core.Accounts;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class TotpTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    /// <summary>RFC 6238, appendix B, SHA-1; the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_WhenVectorIsPublished_IsTheSame(long seconds, string code)
    {
        Assert.Equal(code, Totp.Code(Secret, seconds / Totp.StepSeconds));
        Assert.Equal(seconds / Totp.StepSeconds, Totp.Match(Secret, code, DateTimeOffset.FromUnixTimeSeconds(seconds)));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void Match_WhenClocksDiffer_TakesTheStepBeforeAndAfter(int seconds, bool matches)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var code = Totp.Code(Secret, now.AddSeconds(seconds).ToUnixTimeSeconds() / Totp.StepSeconds);
        Assert.Equal(matches, Totp.Match(Secret, code, now) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870822")]
    [InlineData("28708é")]
    public void Match_WhenTextIsNoCode_IsNull(string code) => Assert.Null(Totp.Match(Secret, code, DateTimeOffset.FromUnixTimeSeconds(59)));

    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("MY", "f")]
    [InlineData("MZXQ", "fo")]
    [InlineData("MZXW6", "foo")]
    [InlineData("MZXW6YQ", "foob")]
    [InlineData("MZXW6YTB", "fooba")]
    [InlineData("MZXW6YTBOI", "foobar")]
    public void Decode_WhenVectorIsPublished_IsTheSame(string base32, string text) => Assert.Equal(text, Encoding.ASCII.GetString(Totp.Decode(base32)));

    [Fact]
    public void Decode_WhenACharacterIsForeign_Throws() => Assert.Throws<FormatException>(() => Totp.Decode("MZ1W6"));
}
