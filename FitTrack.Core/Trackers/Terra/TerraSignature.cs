using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>
/// Terra's webhook signature: header <c>terra-signature: t=1723808700,v1=&lt;hex&gt;</c> with
/// v1 = HMAC-SHA256(secret, t + "." + raw body) and t in Unix seconds (docs.tryterra.co, webhooks).
/// </summary>
public static class TerraSignature
{
    private const int MaxHeader = 2_000;

    /// <summary>True when one of the header's signatures is right and its time is within the tolerance of now.</summary>
    public static bool Verify(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now, TimeSpan tolerance)
    {
        if (string.IsNullOrEmpty(header) || header.Length > MaxHeader || string.IsNullOrEmpty(secret))
            return false;

        string? time = null;
        var signatures = new List<string>();
        foreach (var part in header.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var (name, value) = (part[..equals].Trim(), part[(equals + 1)..].Trim());
            if (name == "t")
                time = value;
            else if (name == "v1")
                signatures.Add(value);
        }

        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)tolerance.TotalSeconds)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(time, body, secret, expected);
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        var matches = false;
        foreach (var signature in signatures)
        {
            matches |= signature.Length == SHA256.HashSizeInBytes * 2
                && Convert.FromHexString(signature, given, out _, out _) == System.Buffers.OperationStatus.Done
                && CryptographicOperations.FixedTimeEquals(expected, given);
        }

        return matches;
    }

    /// <summary>The header for a body, as the sender makes it.</summary>
    public static string Create(ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(time, body, secret, hash);
        return $"t={time},v1={Convert.ToHexStringLower(hash)}";
    }

    private static void Compute(string time, ReadOnlySpan<byte> body, string secret, Span<byte> hash)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
    }
}
