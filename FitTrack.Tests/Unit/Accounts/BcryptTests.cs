using FitTrack.Core.Accounts;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class BcryptTests
{
    private const int QuickCost = 4;

    /// <summary>Published vectors: crypt_blowfish (the first three), jBCrypt (the rest).</summary>
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    public void Verify_WhenVectorIsPublished_AcceptsItUnderEveryPrefix(string password, string hash)
    {
        Assert.True(Bcrypt.Verify(password, hash));
        Assert.True(Bcrypt.Verify(password, hash.Replace("$2a$", "$2b$", StringComparison.Ordinal)));
        Assert.True(Bcrypt.Verify(password, hash.Replace("$2a$", "$2y$", StringComparison.Ordinal)));
        Assert.False(Bcrypt.Verify(password + "x", hash));
    }

    [Fact]
    public void Hash_WhenCalledTwice_SaltsEachAndBothVerify()
    {
        var first = Bcrypt.Hash("FitTrack-Demo-2026!", QuickCost);
        var second = Bcrypt.Hash("FitTrack-Demo-2026!", QuickCost);

        Assert.Matches(@"^\$2b\$04\$[./A-Za-z0-9]{53}$", first);
        Assert.NotEqual(first, second);
        Assert.True(Bcrypt.Verify("FitTrack-Demo-2026!", first));
        Assert.False(Bcrypt.Verify("FitTrack-Demo-2026?", first));
        Assert.Equal(QuickCost, Bcrypt.CostOf(first));
    }

    [Fact]
    public void Verify_WhenPasswordIsLongerThan72Bytes_CountsEveryCharacter()
    {
        var password = new string('é', 40);
        var hash = Bcrypt.Hash(password, QuickCost);

        Assert.True(Bcrypt.Verify(password, hash));
        Assert.False(Bcrypt.Verify(password[..^1] + "e", hash));
        Assert.False(Bcrypt.Verify(password + "é", hash));
    }

    [Fact]
    public void Verify_WhenPasswordIsJustWithin72Bytes_IsPlainBcrypt()
    {
        var hash = Bcrypt.Hash(new string('x', 72), QuickCost);

        Assert.True(Bcrypt.Verify(new string('x', 72), hash));
        Assert.False(Bcrypt.Verify(new string('x', 71), hash));
        Assert.False(Bcrypt.Verify(new string('x', 73), hash));
    }

    [Fact]
    public void Hash_WhenPasswordHoldsAZeroByte_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Bcrypt.Hash("secret\0tail", QuickCost));
        Assert.False(Bcrypt.Verify("secret\0tail", Bcrypt.Hash("secret", QuickCost)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(21)]
    public void Hash_WhenCostIsOutOfRange_IsRefused(int cost) => Assert.Throws<ArgumentOutOfRangeException>(() => Bcrypt.Hash("x", cost));

    [Theory]
    [InlineData("")]
    [InlineData("*0")]
    [InlineData("$2b$04$short")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe\n")]
    [InlineData("$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/")]
    public void Verify_WhenHashIsNotBcrypt_IsFalse(string hash) => Assert.False(Bcrypt.Verify("U*U", hash));

    [Fact]
    public async Task Hash_WhenCalledFromManyThreads_StaysRight()
    {
        var hashes = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => (Password: $"password {i}", Hash: Bcrypt.Hash($"password {i}", QuickCost)), TestContext.Current.CancellationToken)));

        Assert.All(hashes, h => Assert.True(Bcrypt.Verify(h.Password, h.Hash)));
        Assert.Equal(32, hashes.Select(h => h.Hash).Distinct(StringComparer.Ordinal).Count());
    }
}
