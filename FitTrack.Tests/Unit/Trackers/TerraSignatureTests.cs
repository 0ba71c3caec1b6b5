using System.Text;
using FitTrack.Core.Trackers.Terra;
using Xunit;

namespace FitTrack.Tests.Unit.Trackers;

public sealed class TerraSignatureTests
{
    private const string Secret = "terra-test-secret";
    private const string Right = "e9cc1185b10f452aed0fd441006764d0ac97642cf09e6f4ee278abd7790a0860";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"type":"healthcheck","status":"success"}""");
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1723808700);

    [Theory]
    [InlineData("t=1723808700,v1=" + Right)]
    [InlineData(" t=1723808700 , v1=" + Right + " ")]
    [InlineData("v1=" + Right + ",t=1723808700")]
    [InlineData("t=1723808700,v1=00,v1=" + Right + ",v0=x")]
    [InlineData("t=1723808700,v1=E9CC1185B10F452AED0FD441006764D0AC97642CF09E6F4EE278ABD7790A0860")]
    public void Verify_OfTheTestVector_IsTrue(string header) => Assert.True(Verify(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t=1723808700")]
    [InlineData("v1=" + Right)]
    [InlineData("t=,v1=" + Right)]
    [InlineData("t=-1723808700,v1=" + Right)]
    [InlineData("t=+1723808700,v1=" + Right)]
    [InlineData("t=1723808700.0,v1=" + Right)]
    [InlineData("t=99999999999999999999999,v1=" + Right)]
    [InlineData("t=9223372036854775807,v1=" + Right)]
    [InlineData("t=1723808701,v1=" + Right)]
    [InlineData("t=1723808700,v1=e9cc1185b10f452aed0fd441006764d0ac97642cf09e6f4ee278abd7790a0861")]
    [InlineData("t=1723808700,v1=e9cc")]
    [InlineData("t=1723808700,v1=zz" + "cc1185b10f452aed0fd441006764d0ac97642cf09e6f4ee278abd7790a0860")]
    [InlineData("t=1723808700,v1=")]
    [InlineData(",,,=,=,t,v1")]
    public void Verify_OfAnythingElse_IsFalse(string? header) => Assert.False(Verify(header));

    [Fact]
    public void Verify_OfAHeaderWithoutEnd_IsFalse() => Assert.False(Verify("t=1723808700,v1=" + Right + new string(',', 5_000)));

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void Verify_OutsideTheTolerance_IsFalse(int seconds, bool valid) =>
        Assert.Equal(valid, TerraSignature.Verify("t=1723808700,v1=" + Right, Body, Secret, At.AddSeconds(seconds), TimeSpan.FromSeconds(300)));

    [Fact]
    public void Verify_OfAnotherBodyOrSecret_IsFalse()
    {
        Assert.False(TerraSignature.Verify("t=1723808700,v1=" + Right, [.. Body, (byte)' '], Secret, At, TimeSpan.FromSeconds(300)));
        Assert.False(TerraSignature.Verify("t=1723808700,v1=" + Right, Body, Secret + "x", At, TimeSpan.FromSeconds(300)));
    }

    [Fact]
    public void Verify_WithoutASecret_IsFalse() =>
        Assert.False(TerraSignature.Verify(TerraSignature.Create(Body, "", At), Body, "", At, TimeSpan.FromSeconds(300)));

    [Fact]
    public void Create_OfTheTestVector_IsItsHeader() => Assert.Equal("t=1723808700,v1=" + Right, TerraSignature.Create(Body, Secret, At));

    private static bool Verify(string? header) => TerraSignature.Verify(header, Body, Secret, At, TimeSpan.FromSeconds(300));
}
