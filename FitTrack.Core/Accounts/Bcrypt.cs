using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Accounts;

/// <summary>
/// bcrypt as everybody stores it: <c>$2b$12$</c>, 22 characters of salt, 31 of hash. Hashes made by one package set verify in the other.
/// </summary>
/// <remarks>
/// bcrypt reads 72 bytes and stops at a zero byte. A password with a zero byte is refused. One longer than 72 bytes of UTF-8 is replaced by the
/// base64 text of its SHA-256 (44 bytes), so that every character of a long passphrase counts; shorter ones stay interoperable with any other bcrypt.
/// </remarks>
public static partial class Bcrypt
{
    public const int MinCost = 4;
    public const int MaxCost = 20;

    private const int MaxBytes = 72;
    private const int HashLength = 60;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>
    /// A new salt every time. Takes about 0.25 s of a core at cost 12, doubled with each step, so keep it off hot paths.
    /// Throws <see cref="ArgumentException"/> for a zero byte, <see cref="ArgumentOutOfRangeException"/> for a cost outside 4 to 20,
    /// and <see cref="PlatformNotSupportedException"/> where the lean package set finds no libcrypt.
    /// </summary>
    public static string Hash(string password, int cost)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, MinCost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, MaxCost);
        if (password.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A password cannot hold a zero byte.", nameof(password));
        return HashText(Shorten(password), cost);
    }

    /// <summary>False for a wrong password and for anything that is not a <c>$2a$</c>, <c>$2b$</c> or <c>$2y$</c> hash; compares in constant time.</summary>
    public static bool Verify(string password, string hash)
    {
        ArgumentNullException.ThrowIfNull(password);
        return CostOf(hash) is not null && !password.Contains('\0', StringComparison.Ordinal) && VerifyText(Shorten(password), hash);
    }

    /// <summary>The cost a hash was made with, to renew it at a sign-in when the configured cost has grown; null if it is no bcrypt hash.</summary>
    public static int? CostOf(string? hash) => hash is ['$', '2', 'a' or 'b' or 'y', '$', >= '0' and <= '9', >= '0' and <= '9', '$', ..] && hash.Length == HashLength
        && !hash.AsSpan(7).ContainsAnyExcept(Alphabet)
        && ((hash[4] - '0') * 10) + (hash[5] - '0') is >= MinCost and <= MaxCost and var cost
        ? cost
        : null;

    private static partial string HashText(string password, int cost);

    private static partial bool VerifyText(string password, string hash);

    private static string Shorten(string password)
    {
        if (Encoding.UTF8.GetByteCount(password) <= MaxBytes)
            return password;
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(password)));
    }
}
