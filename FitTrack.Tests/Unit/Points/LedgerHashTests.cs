using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Points;
using Xunit;

namespace FitTrack.Tests.Unit.Points;

public sealed class LedgerHashTests
{
    /// <summary>Written out byte by byte from domain section 3, apart from the code under test.</summary>
    [Fact]
    public void Of_AKnownRow_IsTheHashOfItsParts()
    {
        var at = new DateTimeOffset(2026, 11, 16, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7);
        var expected = SHA256.HashData([
            .. new byte[32],
            .. Lp("1"), .. Lp("earn"), .. Lp("108"), .. Lp("108"), .. Lp("activity:7f3a:1"), .. Lp("2026-11-16"), .. Lp("2026-1"), .. Lp("1794830400000007"),
        ]);
        Assert.Equal(expected, LedgerHash.Of(LedgerHash.Start, 1, "earn", 108, 108, "activity:7f3a:1", new DateOnly(2026, 11, 16), "2026-1", at));
    }

    [Fact]
    public void Of_ASpendingRow_WritesSignsAndEmptyTexts()
    {
        var previous = SHA256.HashData("previous"u8);
        var expected = SHA256.HashData([
            .. previous, .. Lp("12"), .. Lp("spend"), .. Lp("-500"), .. Lp("-20"), .. Lp("purchase:x"), .. Lp(""), .. Lp(""), .. Lp("0"),
        ]);
        Assert.Equal(expected, LedgerHash.Of(previous, 12, "spend", -500, -20, "purchase:x", null, null, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Of_AVeryLongReference_IsHashedWhole()
    {
        var a = LedgerHash.Of(LedgerHash.Start, 1, "earn", 1, 1, new string('ä', 2000) + "a", null, null, DateTimeOffset.UnixEpoch);
        var b = LedgerHash.Of(LedgerHash.Start, 1, "earn", 1, 1, new string('ä', 2000) + "b", null, null, DateTimeOffset.UnixEpoch);
        Assert.NotEqual(a, b);
    }

    private static byte[] Lp(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }
}
