using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using FitTrack.Core.Messaging;

namespace FitTrack.Api.Accounts;

/// <summary>The signing keys as this process knows them: read again every few minutes, when another instance makes one, and for an unknown id.</summary>
internal sealed class JwtKeys : IJwtKeys, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenReloads = TimeSpan.FromSeconds(3);

    private readonly IServiceScopeFactory _scopes;
    private readonly JwtOptions _options;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private Snapshot _snapshot = Snapshot.Empty;

    public JwtKeys(IServiceScopeFactory scopes, IMessageBus bus, JwtOptions options, TimeProvider clock)
    {
        (_scopes, _options, _clock) = (scopes, options, clock);
        _subscription = bus.Subscribe(AccountTopics.SigningKeys, _ => Forget(), Forget);
    }

    /// <summary>The public halves, as published.</summary>
    public async Task<IReadOnlyList<PublicJwk>> PublishedAsync(CancellationToken ct) => (await CurrentAsync(ct)).Published;

    /// <summary>The key to sign with now; made if there is none yet.</summary>
    public async Task<(string Kid, RSA Key)> SigningKeyAsync(CancellationToken ct)
    {
        var signers = (await CurrentAsync(ct)).Signers;
        var now = _clock.GetUtcNow();
        // The very first key may be a moment ahead of this machine's clock.
        var signer = signers.FirstOrDefault(s => s.From <= now) ?? signers[^1];
        return (signer.Kid, signer.Key);
    }

    public bool TryGet(string kid, [NotNullWhen(true)] out RSA? key)
    {
        key = Volatile.Read(ref _snapshot).Verifying.TryGetValue(kid, out var verifier) ? verifier.Key : null;
        return key is not null;
    }

    public bool IsRetired(string kid) => Volatile.Read(ref _snapshot).Verifying.TryGetValue(kid, out var verifier) && verifier.Until <= _clock.GetUtcNow();

    public async ValueTask ReloadAsync(CancellationToken ct)
    {
        if (IsYoungerThan(BetweenReloads))
            return;
        await LoadAsync(BetweenReloads, ct);
    }

    /// <summary>Reads again what is old: an instance that only verifies hears of a key's retirement too.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _snapshot).Signers.Count > 0)
            await CurrentAsync(ct);
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _loading.Dispose();
        _snapshot.Dispose();
    }

    private async Task<Snapshot> CurrentAsync(CancellationToken ct)
    {
        var snapshot = Volatile.Read(ref _snapshot);
        return snapshot.Signers.Count > 0 && IsYoungerThan(Fresh) ? snapshot : await LoadAsync(Fresh, ct);
    }

    private async Task<Snapshot> LoadAsync(TimeSpan unlessYoungerThan, CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            if (_snapshot.Signers.Count > 0 && IsYoungerThan(unlessYoungerThan))
                return _snapshot;
            await using var scope = _scopes.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<SigningKeys>();
            var lifetime = _options.Lifetime + _options.ClockSkew;
            var stored = await store.LoadAsync(ct);
            if (stored.Count == 0)
            {
                await store.EnsureAsync(ct);
                stored = await store.LoadAsync(ct);
            }

            // The old snapshot's keys may be in use by requests under way; the finalizer takes them.
            var fresh = Snapshot.Of(stored, store, lifetime, Volatile.Read(ref _snapshot), _clock);
            Volatile.Write(ref _snapshot, fresh);
            return fresh;
        }
        finally
        {
            _loading.Release();
        }
    }

    private void Forget()
    {
        var snapshot = Volatile.Read(ref _snapshot);
        Interlocked.CompareExchange(ref _snapshot, snapshot with { LoadedAt = null }, snapshot);
    }

    private bool IsYoungerThan(TimeSpan age) => Volatile.Read(ref _snapshot).LoadedAt is { } loadedAt && _clock.GetElapsedTime(loadedAt) < age;

    /// <param name="Signers">The key in force and the one that follows it, newest first.</param>
    private sealed record Snapshot(IReadOnlyList<Signer> Signers, FrozenDictionary<string, Verifier> Verifying, IReadOnlyList<PublicJwk> Published, long? LoadedAt) : IDisposable
    {
        public static readonly Snapshot Empty = new([], FrozenDictionary<string, Verifier>.Empty, [], null);

        /// <summary>Keys never change under an id, so those that are known stay the same objects.</summary>
        public static Snapshot Of(List<StoredSigningKey> stored, SigningKeys store, TimeSpan tokenLifetime, Snapshot before, TimeProvider clock)
        {
            var now = clock.GetUtcNow();
            var inForce = stored.FindIndex(k => k.ValidFrom <= now);
            var signers = stored.GetRange(0, inForce < 0 ? stored.Count : inForce + 1)
                .ConvertAll(k => before.Signers.FirstOrDefault(s => s.Kid == k.Jwk.Kid) ?? new Signer(k.Jwk.Kid, store.Open(k), k.ValidFrom));
            var verifying = stored.ToFrozenDictionary(
                k => k.Jwk.Kid, k => new Verifier(before.Verifying.GetValueOrDefault(k.Jwk.Kid)?.Key ?? k.Jwk.ToRsa(), k.ValidTo + tokenLifetime), StringComparer.Ordinal);
            return new Snapshot(signers, verifying, [.. stored.Where(k => !(k.ValidTo + tokenLifetime <= now)).Select(k => k.Jwk)], clock.GetTimestamp());
        }

        public void Dispose()
        {
            foreach (var signer in Signers)
                signer.Key.Dispose();
            foreach (var verifier in Verifying.Values)
                verifier.Key.Dispose();
        }
    }

    private sealed record Signer(string Kid, RSA Key, DateTimeOffset From);

    /// <param name="Until">When the last token it signed has expired; null for the newest.</param>
    private sealed record Verifier(RSA Key, DateTimeOffset? Until);
}
