using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;

namespace FitTrack.Api.Accounts;

/// <summary>What a token says, before its signature was looked at.</summary>
/// <param name="Kid">The id of the key that is said to have signed it.</param>
/// <param name="Session">Claim <c>sid</c>.</param>
/// <param name="ExpiresAt">Seconds since 1970.</param>
/// <param name="Claims">Under their short names.</param>
internal sealed record JwtContent(string Kid, Guid Session, long NotBefore, long ExpiresAt, IReadOnlyList<Claim> Claims);

/// <summary>
/// Reads compact tokens (RFC 7515, RFC 7519) more strictly than libraries do: at most 8 kB, exactly three parts, canonical base64url,
/// no duplicate members, RS256 and nothing else, no <c>crit</c>, every claim that we issue present and of the right type.
/// Both package sets start with it, so that they refuse alike.
/// </summary>
internal static class JwtReader
{
    public const int MaxLength = 8192;

    private const int MaxKidLength = 64;
    private const long MaxSeconds = 253402300799; // the end of the year 9999

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public static bool TryRead(string token, JwtOptions options, [NotNullWhen(true)] out JwtContent? content)
    {
        content = null;
        if (!TrySplit(token, out var header, out var payload, out _))
            return false;
        try
        {
            return TryReadKid(header, out var kid) && TryReadClaims(payload, options, kid, out content);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // no JSON, or a text with broken escapes
        }
    }

    /// <summary>The decoded parts; false unless there are exactly three, each of them canonical base64url.</summary>
    public static bool TrySplit(string token, out byte[] header, out byte[] payload, out byte[] signature)
    {
        header = payload = signature = [];
        if (token.Length > MaxLength)
            return false;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        return first > 0 && last > first + 1 && last < token.Length - 1
            && TryDecode(token.AsSpan(0, first), out header)
            && TryDecode(token.AsSpan((first + 1)..last), out payload)
            && TryDecode(token.AsSpan(last + 1), out signature);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
            return false;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // Unlike its siblings this overload does not throw when unused bits at the end are set.
        if (Base64Url.DecodeFromChars(text, buffer, out _, out var written) != OperationStatus.Done)
            return false;
        bytes = buffer[..written];
        // One token has one spelling.
        return text.SequenceEqual(Base64Url.EncodeToString(bytes));
    }

    private static bool TryReadKid(byte[] header, out string kid)
    {
        using var json = JsonDocument.Parse(header, Strict);
        var root = json.RootElement;
        kid = Text(root, "kid") ?? "";
        return kid.Length is > 0 and <= MaxKidLength
            && Text(root, "alg") == "RS256"
            && !root.TryGetProperty("crit", out _)
            && (!root.TryGetProperty("typ", out _) || string.Equals(Text(root, "typ"), "JWT", StringComparison.OrdinalIgnoreCase));
    }

    private static bool TryReadClaims(byte[] payload, JwtOptions options, string kid, [NotNullWhen(true)] out JwtContent? content)
    {
        content = null;
        using var json = JsonDocument.Parse(payload, Strict);
        var root = json.RootElement;
        if (Text(root, "iss") != options.Issuer || !IsFor(root, options.Audience))
            return false;
        if (!Guid.TryParseExact(Text(root, "sub"), "D", out _) || !Guid.TryParseExact(Text(root, "sid"), "D", out var session) || Text(root, "role") is not { Length: > 0 })
            return false;
        if (Seconds(root, "exp") is not { } expires || Seconds(root, "iat") is not { } issued)
            return false;

        var notBefore = issued;
        if (root.TryGetProperty("nbf", out _))
        {
            if (Seconds(root, "nbf") is not { } stated)
                return false;
            notBefore = Math.Max(issued, stated);
        }

        content = new JwtContent(kid, session, notBefore, expires, Claims(root));
        return true;
    }

    private static bool IsFor(JsonElement root, string audience) => root.TryGetProperty("aud", out var aud) && aud.ValueKind switch
    {
        JsonValueKind.String => aud.GetString() == audience,
        JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == audience),
        _ => false,
    };

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Seconds(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= MaxSeconds ? seconds : null;

    private static List<Claim> Claims(JsonElement root)
    {
        var claims = new List<Claim>();
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
                claims.Add(new Claim(member.Name, member.Value.GetString()!));
            else if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var number))
                claims.Add(new Claim(member.Name, number.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        }

        return claims;
    }
}
