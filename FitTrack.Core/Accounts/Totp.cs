using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>Time-based one-time passwords as every authenticator app makes them: RFC 6238 with SHA-1, six digits, 30 seconds.</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>Steps before and after the present one that are accepted: clocks differ, and people type slowly (RFC 6238, section 5.2).</summary>
    private const int Drift = 1;

    /// <summary>The code of a step (RFC 4226, section 5.3).</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The only hash that authenticator apps agree on; HMAC does not need collision resistance.")]
    public static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step a code belongs to, near <paramref name="now"/>; null when it belongs to none.</summary>
    public static long? Match(byte[] secret, string code, DateTimeOffset now)
    {
        var sent = Encoding.UTF8.GetBytes(code);
        var present = now.ToUnixTimeSeconds() / StepSeconds;
        long? match = null;
        for (var step = present - Drift; step <= present + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(sent, Encoding.ASCII.GetBytes(Code(secret, step))))
                match = step;
        }

        return match;
    }

    /// <summary>The bytes of a base32 text (RFC 4648, section 6) of upper-case letters and 2 to 7, without padding.</summary>
    /// <exception cref="FormatException">It holds another character.</exception>
    public static byte[] Decode(string base32)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bytes = new byte[base32.Length * 5 / 8];
        var (bits, kept, at) = (0, 0, 0);
        foreach (var c in base32)
        {
            var value = alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
                throw new FormatException("Not a base32 text.");
            bits = ((bits << 5) | value) & 0xfff;
            kept += 5;
            if (kept < 8)
                continue;
            kept -= 8;
            bytes[at++] = (byte)(bits >> kept);
        }

        return bytes;
    }
}

/// <summary>Verifies authenticator codes for Identity, whose own provider reads the system's clock and accepts a code again and again.</summary>
internal sealed class TotpProvider(FitTrackDbContext db, TimeProvider clock) : IUserTwoFactorTokenProvider<User>
{
    public Task<string> GenerateAsync(string purpose, UserManager<User> manager, User user) =>
        throw new NotSupportedException("The codes are made by the member's authenticator.");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
    {
        if (await manager.GetAuthenticatorKeyAsync(user) is not { } key || Totp.Match(Totp.Decode(key), token, clock.GetUtcNow()) is not { } step)
            return false;
        // Of two sign-ins with one code, the second finds its step used; so does a later one with an older code.
        return await db.Set<User>().Where(u => u.Id == user.Id && (u.LastTotpStep == null || u.LastTotpStep < step))
            .ExecuteUpdateAsync(s => s.SetProperty(u => u.LastTotpStep, step)) == 1;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<User> manager, User user) => Task.FromResult(user.ProtectedTotpSecret is not null);
}
