using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>What a sign-in or a refresh yields; the access token is made from it.</summary>
/// <param name="RefreshToken">256 random bits in base64url; told here and never again. Secret.</param>
public sealed record SessionGrant(Guid UserId, string Email, UserRole Role, Guid SessionId, string RefreshToken, DateTimeOffset RefreshExpiresAt);

public abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    public sealed record Refreshed(SessionGrant Session) : RefreshOutcome;

    public sealed record Expired : RefreshOutcome;

    /// <summary>Unknown, signed out, or used before: in the last case the whole family has just been revoked.</summary>
    public sealed record Invalid : RefreshOutcome;
}

/// <summary>A sign-in that lasts, as its owner sees it.</summary>
public sealed class SessionView
{
    public Guid Id { get; init; }

    public string? UserAgent { get; init; }

    public string? IpAddress { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Sessions and their refresh tokens: rotated at every use, revoked as a family when one is used again later.</summary>
public sealed partial class Sessions(
    FitTrackDbContext db, IMessageBus bus, IOptions<AccountsOptions> options, IOptions<SecurityOptions> security, TimeProvider clock, ILogger<Sessions> logger)
{
    private const int DevicesLookedAt = 200;

    /// <summary>Adds a session with its first refresh token to the context.</summary>
    internal SessionGrant Start(User user, ClientInfo client, DateTimeOffset now)
    {
        var expiresAt = now + options.Value.RefreshLifetime;
        var session = UserSession.Start(user.Id, client, now, expiresAt);
        db.Add(session);
        return new SessionGrant(user.Id, user.Email, RoleOf(user.Role, user.TwoFactorEnabled), session.Id, AddToken(session.Id, now, expiresAt), expiresAt);
    }

    /// <summary>Trades a refresh token for the next one. The same token within the grace period gets the same successor.</summary>
    public async Task<RefreshOutcome> RefreshAsync(string? token, CancellationToken ct)
    {
        if (SecretToken.HashOf(token) is not { } hash)
            return new RefreshOutcome.Invalid();
        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await FindAsync(hash, ct) is not { } found || found.Status != UserStatus.Active)
            return new RefreshOutcome.Invalid();
        if (found.UsedAt is null && found.ExpiresAt <= now)
            return new RefreshOutcome.Expired();

        if (found.UsedAt is null)
        {
            var expiresAt = EndOf(found, now);
            var successor = SecretToken.Create();
            var sealedSuccessor = SecretToken.Seal(successor, token!);
            // Two tabs at once: the second waits here for the first to commit, and then finds the token used.
            var won = await db.Set<RefreshToken>().Where(t => t.Id == found.TokenId && t.UsedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now).SetProperty(t => t.SealedSuccessor, sealedSuccessor), ct) == 1;
            if (won)
            {
                db.Add(RefreshToken.Issue(found.SessionId, SecretToken.HashOf(successor)!, now, expiresAt));
                await db.SaveChangesAsync(ct);
                await db.Set<UserSession>().Where(s => s.Id == found.SessionId)
                    .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastUsedAt, now).SetProperty(x => x.ExpiresAt, expiresAt), ct);
                await transaction.CommitAsync(ct);
                return new RefreshOutcome.Refreshed(found.Grant(successor, expiresAt));
            }

            found = await FindAsync(hash, ct) ?? found;
        }

        if (found is { UsedAt: { } usedAt, SealedSuccessor: { } kept } && now - usedAt <= options.Value.RefreshGrace)
        {
            return new RefreshOutcome.Refreshed(found.Grant(SecretToken.Unseal(kept, token!), EndOf(found, usedAt)));
        }

        LogReuse(logger, found.UserId, found.SessionId);
        await EndAsync(db.Set<UserSession>().Where(s => s.Id == found.SessionId), SessionEnd.TokenReused, now, ct);
        await transaction.CommitAsync(ct);
        return new RefreshOutcome.Invalid();
    }

    /// <summary>Whether the member signed in for this session a moment ago (<see cref="AccountsOptions.RecentSignIn"/>), which a stolen token does not show.</summary>
    public Task<bool> IsRecentAsync(Guid userId, Guid sessionId, CancellationToken ct)
    {
        var since = clock.Now() - options.Value.RecentSignIn;
        return db.Set<UserSession>().AnyAsync(s => s.Id == sessionId && s.UserId == userId && s.CreatedAt >= since, ct);
    }

    /// <summary>Ends one session of a member; false when it is not theirs or has ended.</summary>
    public async Task<bool> EndAsync(Guid userId, Guid sessionId, CancellationToken ct) =>
        await EndAsync(db.Set<UserSession>().Where(s => s.Id == sessionId && s.UserId == userId), SessionEnd.SignedOut, clock.Now(), ct) > 0;

    /// <summary>Ends every session of a member; returns how many there were.</summary>
    public Task<int> EndAllAsync(Guid userId, SessionEnd reason, CancellationToken ct) =>
        EndAsync(db.Set<UserSession>().Where(s => s.UserId == userId), reason, clock.Now(), ct);

    /// <summary>Ends every session of a member but one.</summary>
    public Task<int> EndOthersAsync(Guid userId, Guid sessionId, SessionEnd reason, CancellationToken ct) =>
        EndAsync(db.Set<UserSession>().Where(s => s.UserId == userId && s.Id != sessionId), reason, clock.Now(), ct);

    /// <summary>A member's sessions that can still be refreshed.</summary>
    public IQueryable<SessionView> Of(Guid userId)
    {
        var now = clock.Now();
        return db.Set<UserSession>().AsNoTracking().Where(s => s.UserId == userId && s.RevokedAt == null && s.ExpiresAt > now)
            .Select(s => new SessionView { Id = s.Id, UserAgent = s.UserAgent, IpAddress = s.IpAddress, CreatedAt = s.CreatedAt, LastUsedAt = s.LastUsedAt, ExpiresAt = s.ExpiresAt });
    }

    /// <summary>Whether a member signed in from elsewhere before, but never from a device that looks like this one.</summary>
    internal async Task<bool> IsNewDeviceAsync(Guid userId, ClientInfo client, CancellationToken ct)
    {
        var earlier = await db.Set<UserSession>().Where(s => s.UserId == userId).OrderByDescending(s => s.CreatedAt).Select(s => s.UserAgent).Take(DevicesLookedAt).ToListAsync(ct);
        var device = DeviceName.Of(client.UserAgent);
        return earlier.Count > 0 && !earlier.Exists(e => DeviceName.Of(e) == device);
    }

    /// <summary>Sessions revoked since a time: what instances must know to refuse access tokens that have not expired yet.</summary>
    public Task<List<Guid>> RevokedSinceAsync(DateTimeOffset since, CancellationToken ct) =>
        db.Set<UserSession>().AsNoTracking().Where(s => s.RevokedAt >= since).Select(s => s.Id).ToListAsync(ct);

    /// <summary>When a refresh token made now expires: never after the session's own end.</summary>
    private DateTimeOffset EndOf(Found session, DateTimeOffset now)
    {
        var (refresh, whole) = (now + options.Value.RefreshLifetime, session.StartedAt + options.Value.SessionLifetime);
        return refresh < whole ? refresh : whole;
    }

    private UserRole RoleOf(UserRole role, bool hasTwoFactor) =>
        role == UserRole.Admin && !hasTwoFactor && security.Value.RequireAdminTwoFactor ? UserRole.User : role;

    private async Task<int> EndAsync(IQueryable<UserSession> sessions, SessionEnd reason, DateTimeOffset now, CancellationToken ct)
    {
        var ids = await sessions.Where(s => s.RevokedAt == null).Select(s => s.Id).ToListAsync(ct);
        var ended = 0;
        foreach (var some in ids.Chunk(100))
        {
            ended += await db.Set<UserSession>().Where(s => some.Contains(s.Id) && s.RevokedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.RevokedAt, now).SetProperty(x => x.RevokedFor, reason), ct);
        }

        // Whoever validates access tokens hears the ids themselves, so that this process refuses them from the commit on.
        foreach (var id in ids)
            bus.PublishOnCommit(db, AccountTopics.SessionRevoked, id.ToString());
        return ended;
    }

    private string AddToken(Guid sessionId, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        var token = SecretToken.Create();
        db.Add(RefreshToken.Issue(sessionId, SecretToken.HashOf(token)!, now, expiresAt));
        return token;
    }

    private async Task<Found?> FindAsync(byte[] hash, CancellationToken ct) => await (
        from token in db.Set<RefreshToken>().AsNoTracking()
        join session in db.Set<UserSession>() on token.SessionId equals session.Id
        join user in db.Set<User>() on session.UserId equals user.Id
        where token.TokenHash == hash && session.RevokedAt == null
        select new Found(token.Id, token.ExpiresAt, token.UsedAt, token.SealedSuccessor, session.Id, session.CreatedAt, user.Id, user.Email, user.Role, user.TwoFactorEnabled, user.Status))
        .SingleOrDefaultAsync(ct) is { } found ? found with { Role = RoleOf(found.Role, found.HasTwoFactor) } : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A used refresh token of account {UserId} came back; session {SessionId} was revoked.")]
    private static partial void LogReuse(ILogger logger, Guid userId, Guid sessionId);

    private sealed record Found(
        Guid TokenId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, byte[]? SealedSuccessor, Guid SessionId, DateTimeOffset StartedAt, Guid UserId, string Email, UserRole Role,
        bool HasTwoFactor, UserStatus Status)
    {
        public SessionGrant Grant(string refreshToken, DateTimeOffset expiresAt) => new(UserId, Email, Role, SessionId, refreshToken, expiresAt);
    }
}

/// <summary>What accounts say on the bus beside <see cref="BusTopics.Member"/>.</summary>
public static class AccountTopics
{
    /// <summary>A session was revoked; the key is its id.</summary>
    public const string SessionRevoked = "session_revoked";

    /// <summary>There is a new signing key.</summary>
    public const string SigningKeys = "signing_keys";
}
