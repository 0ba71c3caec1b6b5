using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>Sign-ins at providers that were begun here. The state that a provider brings back is 256 random bits, works once and not for long; the database knows its hash.</summary>
public sealed class SignInStates(FitTrackDbContext db, IOptions<SyncOptions> options, TimeProvider clock)
{
    /// <returns>The state, for the provider to bring back.</returns>
    internal async Task<string> BeginAsync(Guid userId, string provider, CancellationToken ct)
    {
        var state = SecretToken.Create();
        db.Add(OAuthState.Begin(HashOf(state)!, userId, provider, null, clock.Now(), options.Value.SignInWithin));
        await db.SaveChangesAsync(ct);
        return state;
    }

    /// <summary>Uses a state up.</summary>
    /// <returns>Who began the sign-in; null when nobody did, or it was used or has ended.</returns>
    internal async Task<Guid?> UseAsync(string? state, string provider, CancellationToken ct)
    {
        if (HashOf(state) is not { } hash)
            return null;
        DateTimeOffset? now = clock.Now();
        var used = await db.Set<OAuthState>().Where(s => s.StateHash == hash && s.Provider == provider && s.UsedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.UsedAt, now), ct);
        return used == 0 ? null : await db.Set<OAuthState>().Where(s => s.StateHash == hash).Select(s => (Guid?)s.UserId).SingleAsync(ct);
    }

    /// <summary>Forgets those that have ended.</summary>
    public Task<int> ForgetEndedAsync(CancellationToken ct)
    {
        var now = clock.Now();
        return db.Set<OAuthState>().Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(ct);
    }

    private static string? HashOf(string? state) => SecretToken.HashOf(state) is { } hash ? Convert.ToHexStringLower(hash) : null;
}
