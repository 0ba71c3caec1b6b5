using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>
/// Sign-ins at providers that were begun here. The state that a provider brings back is 256 random bits, works once, not for long and only for the
/// member who began; the database knows its hash.
/// </summary>
public sealed class SignInStates(FitTrackDbContext db, IOptions<SyncOptions> options, TimeProvider clock)
{
    /// <summary>A message about an account that somebody came back with may be this late: as long as Terra repeats what was not taken.</summary>
    private static readonly TimeSpan MessageWithin = TimeSpan.FromDays(2);

    /// <summary>Whether a sign-in with this state can still be finished, by whoever it is that began it.</summary>
    internal async Task<bool> IsOpenAsync(string? state, string provider, CancellationToken ct) =>
        HashOf(state) is { } hash && await Open(hash, provider).AnyAsync(ct);

    /// <returns>The state, for the provider to bring back.</returns>
    internal async Task<string> BeginAsync(Guid userId, string provider, CancellationToken ct)
    {
        var state = SecretToken.Create();
        db.Add(OAuthState.Begin(HashOf(state)!, userId, provider, null, clock.Now(), options.Value.SignInWithin));
        await db.SaveChangesAsync(ct);
        return state;
    }

    /// <summary>Uses a member's state up, and remembers the account they came back with.</summary>
    /// <returns>False when this member began no such sign-in, or it was used or has ended.</returns>
    internal async Task<bool> UseAsync(string? state, string provider, Guid userId, string? account, CancellationToken ct)
    {
        if (HashOf(state) is not { } hash)
            return false;
        DateTimeOffset? now = clock.Now();
        return await Open(hash, provider).Where(s => s.UserId == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.UsedAt, now).SetProperty(s => s.ExternalUserId, account), ct) == 1;
    }

    /// <summary>Whether the member came back from a sign-in of theirs with this account, signed in here in the same browser.</summary>
    internal static Task<bool> CameBackAsync(FitTrackDbContext db, Guid userId, string account, CancellationToken ct) =>
        db.Set<OAuthState>().AnyAsync(s => s.UserId == userId && s.ExternalUserId == account && s.UsedAt != null, ct);

    /// <summary>Forgets those that have ended.</summary>
    public Task<int> ForgetEndedAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var late = now - MessageWithin;
        return db.Set<OAuthState>().Where(s => s.ExpiresAt < now && (s.ExternalUserId == null || s.ExpiresAt < late)).ExecuteDeleteAsync(ct);
    }

    private IQueryable<OAuthState> Open(string hash, string provider)
    {
        var now = clock.Now();
        return db.Set<OAuthState>().Where(s => s.StateHash == hash && s.Provider == provider && s.UsedAt == null && s.ExpiresAt > now);
    }

    private static string? HashOf(string? state) => SecretToken.HashOf(state) is { } hash ? Convert.ToHexStringLower(hash) : null;
}
