using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class SecretTokenTests
{
    [Fact]
    public void Create_WhenCalled_Gives256Bits()
    {
        var token = SecretToken.Create();
        Assert.Equal(43, token.Length);
        Assert.NotEqual(token, SecretToken.Create());
        Assert.Equal(32, SecretToken.HashOf(token)!.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void HashOf_WhenMalformed_IsNull(string? token) => Assert.Null(SecretToken.HashOf(token));

    [Fact]
    public void Unseal_WhenGivenTheUsedToken_YieldsTheSuccessor()
    {
        var (used, successor) = (SecretToken.Create(), SecretToken.Create());
        var sealedBytes = SecretToken.Seal(successor, used);
        Assert.True(sealedBytes.Length <= 64);
        Assert.Equal(successor, SecretToken.Unseal(sealedBytes, used));
        Assert.ThrowsAny<CryptographicException>(() => SecretToken.Unseal(sealedBytes, SecretToken.Create()));
    }
}
