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

    /// <summary>The newest key, to sign with; made now if there is none yet.</summary>
    public async Task<(string Kid, RSA Key)> SigningKeyAsync(CancellationToken ct)
    {
        var current = await CurrentAsync(ct);
        return (current.SigningKid, current.Signing!);
    }

    public bool TryGet(string kid, [NotNullWhen(true)] out RSA? key) => Volatile.Read(ref _snapshot).Verifying.TryGetValue(kid, out key);

    public async ValueTask ReloadAsync(CancellationToken ct)
    {
        if (IsYoungerThan(BetweenReloads))
            return;
        await LoadAsync(BetweenReloads, ct);
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
        return snapshot.Signing is not null && IsYoungerThan(Fresh) ? snapshot : await LoadAsync(Fresh, ct);
    }

    private async Task<Snapshot> LoadAsync(TimeSpan unlessYoungerThan, CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            if (_snapshot.Signing is not null && IsYoungerThan(unlessYoungerThan))
                return _snapshot;
            await using var scope = _scopes.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<SigningKeys>();
            var lifetime = _options.Lifetime + _options.ClockSkew;
            var stored = await store.LoadAsync(lifetime, ct);
            if (stored.Count == 0)
            {
                await store.EnsureAsync(ct);
                stored = await store.LoadAsync(lifetime, ct);
            }

            // The old snapshot's keys may be in use by requests under way; the finalizer takes them.
            var fresh = Snapshot.Of(stored, store, Volatile.Read(ref _snapshot), _clock.GetTimestamp());
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

    private sealed record Snapshot(string SigningKid, RSA? Signing, FrozenDictionary<string, RSA> Verifying, IReadOnlyList<PublicJwk> Published, long? LoadedAt) : IDisposable
    {
        public static readonly Snapshot Empty = new("", null, FrozenDictionary<string, RSA>.Empty, [], null);

        /// <summary>Keys never change under an id, so those that are known stay the same objects.</summary>
        public static Snapshot Of(List<StoredSigningKey> stored, SigningKeys store, Snapshot before, long loadedAt)
        {
            var newest = stored[0];
            var signing = before.SigningKid == newest.Jwk.Kid ? before.Signing! : store.Open(newest);
            var verifying = stored.ToFrozenDictionary(k => k.Jwk.Kid, k => before.Verifying.GetValueOrDefault(k.Jwk.Kid) ?? k.Jwk.ToRsa(), StringComparer.Ordinal);
            return new Snapshot(newest.Jwk.Kid, signing, verifying, stored.ConvertAll(k => k.Jwk), loadedAt);
        }

        public void Dispose()
        {
            Signing?.Dispose();
            foreach (var key in Verifying.Values)
                key.Dispose();
        }
    }
}
