using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers;

/// <summary>What became of an attempt to connect a provider's account to a member.</summary>
public enum ConnectOutcome
{
    Connected,

    /// <summary>There is no such member, or none that may connect anything.</summary>
    UnknownMember,

    /// <summary>The account feeds another member already.</summary>
    TakenByAnotherMember,
}

/// <summary>One row of <c>GET /connections</c>.</summary>
public sealed record ConnectionView(string Provider, ConnectionStatus Status, bool IsPrimary, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, string? LastError);

/// <summary>Connects and disconnects members' accounts at providers. Writes in the caller's transaction.</summary>
public sealed class TrackerConnections(FitTrackDbContext db, PrimaryTrackers primaries, IOptions<TrackerOptions> options)
{
    /// <summary>A member's connections, the primary first.</summary>
    public Task<List<ConnectionView>> ListAsync(Guid userId, CancellationToken ct) =>
        db.Set<ProviderConnection>().AsNoTracking().Where(c => c.UserId == userId && c.Status != ConnectionStatus.Disconnected)
            .OrderBy(c => c.PrimaryOfUserId == null).ThenBy(c => c.Provider)
            .Select(c => new ConnectionView(c.Provider, c.Status, c.PrimaryOfUserId != null, c.LastSyncAt, c.NextSyncAt, c.LastError)).ToListAsync(ct);

    public async Task<ConnectOutcome> ConnectAsync(Guid userId, TrackerService service, string provider, string externalUserId, string? scopes, DateTimeOffset now, CancellationToken ct)
    {
        if (!await db.Set<User>().AnyAsync(u => u.Id == userId && (u.Status == UserStatus.Active || u.Status == UserStatus.Pending), ct))
            return ConnectOutcome.UnknownMember;
        var account = await db.Set<ProviderConnection>().SingleOrDefaultAsync(c => c.Service == service && c.ExternalUserId == externalUserId, ct);
        if (account is not null && account.UserId != userId)
            return ConnectOutcome.TakenByAnotherMember;

        var mine = await db.Set<ProviderConnection>().Where(c => c.UserId == userId).ToListAsync(ct);
        var connection = account ?? mine.Find(c => c.Provider == provider);
        if (connection is null)
            connection = db.Add(ProviderConnection.Connect(userId, service, provider, externalUserId, scopes, now)).Entity;
        else
            connection.Reconnect(externalUserId, scopes, now);
        await db.SaveChangesAsync(ct);

        if (!mine.Exists(c => c.IsPrimary) && options.Value.LicenceOf(provider).MayScore)
            await primaries.ChangeAsync(userId, null, connection, now, ct);
        return ConnectOutcome.Connected;
    }

    /// <summary>Ends every connection of a member who leaves; the providers' tokens are destroyed.</summary>
    public async Task DisconnectAllAsync(Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var connection in await db.Set<ProviderConnection>().Where(c => c.UserId == userId && c.Status != ConnectionStatus.Disconnected).ToListAsync(ct))
            connection.Disconnect(now);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Ends a connection; a primary hands over to the member's oldest other tracker that may score, from tomorrow.</summary>
    public async Task DisconnectAsync(ProviderConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var wasPrimary = connection.IsPrimary;
        connection.Disconnect(now);
        await db.SaveChangesAsync(ct);
        if (!wasPrimary)
            return;

        var others = await db.Set<ProviderConnection>()
            .Where(c => c.UserId == connection.UserId && c.Id != connection.Id && c.Status != ConnectionStatus.Disconnected)
            .OrderBy(c => c.ConnectedAt).ThenBy(c => c.Id).ToListAsync(ct);
        await primaries.ChangeAsync(connection.UserId, null, others.Find(c => options.Value.LicenceOf(c.Provider).MayScore), now, ct);
    }
}
