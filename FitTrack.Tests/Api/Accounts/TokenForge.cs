using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FitTrack.Api.Accounts;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>Makes good tokens and every kind of bad one, by hand: no code of the program signs or reads here.</summary>
internal sealed class TokenForge(TimeProvider clock, RSA key) : IJwtKeys
{
    public const string Kid = "test-key-1";

    /// <summary>Made once: a key takes longer than a test.</summary>
    public static readonly RSA OwnKey = RSA.Create(2048);

    public static readonly RSA ForeignKey = RSA.Create(2048);

    private readonly ConcurrentDictionary<string, RSA> _known = new(StringComparer.Ordinal);
    private RSA? _late;

    public RSA Key => key;

    public Guid User { get; } = Guid.CreateVersion7();

    public Guid Session { get; } = Guid.CreateVersion7();

    public int Reloads { get; private set; }

    public TokenForge Trusting()
    {
        _known[Kid] = Key;
        return this;
    }

    /// <summary>The key becomes known when the keys are read again.</summary>
    public TokenForge TrustingAfterReload()
    {
        _late = Key;
        return this;
    }

    public void Distrust() => _known.Clear();

    public bool TryGet(string kid, [NotNullWhen(true)] out RSA? found) => _known.TryGetValue(kid, out found);

    public ValueTask ReloadAsync(CancellationToken ct)
    {
        Reloads++;
        if (_late is not null)
            _known[Kid] = _late;
        return ValueTask.CompletedTask;
    }

    public static JsonObject Header() => new() { ["alg"] = "RS256", ["kid"] = Kid, ["typ"] = "JWT" };

    public JsonObject Payload()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = "fittrack",
            ["aud"] = "fittrack-api",
            ["sub"] = User.ToString(),
            ["sid"] = Session.ToString(),
            ["role"] = "premium",
            ["email"] = "ana@example.com",
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = now,
            ["exp"] = now + 1800,
        };
    }

    public string Token(Action<JsonObject>? payload = null, Action<JsonObject>? header = null)
    {
        var (h, p) = (Header(), Payload());
        header?.Invoke(h);
        payload?.Invoke(p);
        return Sign(h.ToJsonString(), p.ToJsonString());
    }

    public string Sign(string header, string payload)
    {
        var input = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        return input + "." + Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}

internal sealed class RevokedSessions : IRevokedSessions
{
    private readonly ConcurrentDictionary<Guid, bool> _all = new();

    public void Add(Guid session) => _all[session] = true;

    public bool Contains(Guid sessionId) => _all.ContainsKey(sessionId);
}
