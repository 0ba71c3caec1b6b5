using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Syncing;
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

public enum SetPrimaryOutcome
{
    Changed,
    NotConnected,

    /// <summary>Its licence does not let it score (domain section 3).</summary>
    MayNotScore,

    /// <summary>Another request changed the primary at the same moment.</summary>
    ChangedMeanwhile,
}

/// <summary>One row of <c>GET /connections</c>.</summary>
public sealed record ConnectionView(string Provider, ConnectionStatus Status, bool IsPrimary, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, string? LastError)
{
    public SyncProgress? Progress { get; init; }

    /// <summary>Its licence lets it score (domain section 3).</summary>
    public bool MayBePrimary { get; init; }
}

/// <summary>How far a connection's data has been fetched.</summary>
/// <param name="IsRunning">It is being fetched now.</param>
/// <param name="Attempts">Attempts that failed since the last one that did not.</param>
/// <param name="Items">Things that were fetched since the connection was made.</param>
public sealed record SyncProgress(bool IsRunning, int Attempts, int Items);

/// <summary>Tokens of a sign-in, protected.</summary>
public sealed record ProtectedTokens(string Access, string? Refresh, DateTimeOffset? ExpiresAt);

/// <summary>Connects and disconnects members' accounts at providers. Writes in the caller's transaction.</summary>
public sealed class TrackerConnections(FitTrackDbContext db, PrimaryTrackers primaries, SyncJobs jobs, Outbox outbox, ProviderActivities activities, CompetitionCalendar calendar, IOptions<TrackerOptions> options, TimeProvider clock)
{
    /// <summary>A member's connections, the primary first.</summary>
    public async Task<List<ConnectionView>> ListAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        var (items, jobsOf) = (db.Set<SyncMetadata>(), db.Set<SyncJob>());
        var views = await db.Set<ProviderConnection>().AsNoTracking().Where(c => c.UserId == userId && c.Status != ConnectionStatus.Disconnected)
            .OrderBy(c => c.PrimaryOfUserId == null).ThenBy(c => c.Provider)
            .Select(c => new ConnectionView(c.Provider, c.Status, c.PrimaryOfUserId != null, c.LastSyncAt, c.NextSyncAt, c.LastError)
            {
                Progress = jobsOf.Where(j => j.Id == c.Id)
                    .Select(j => new SyncProgress(j.LeaseUntil != null && j.LeaseUntil > now, j.Attempts, items.Where(m => m.ConnectionId == c.Id).Sum(m => m.ItemsSeen))).FirstOrDefault(),
            }).ToListAsync(ct);
        return views.ConvertAll(v => v with { MayBePrimary = options.Value.LicenceOf(v.Provider).MayScore });
    }

    /// <summary>Connects an account, arms its first synchronisation, and makes it the primary where the member has none.</summary>
    public Task<ConnectOutcome> ConnectAsync(Guid userId, TrackerService service, string provider, string externalUserId, string? scopes, DateTimeOffset now, CancellationToken ct) =>
        ConnectAsync(userId, service, provider, externalUserId, scopes, null, now, ct);

    internal async Task<ConnectOutcome> ConnectAsync(Guid userId, TrackerService service, string provider, string externalUserId, string? scopes, ProtectedTokens? tokens, DateTimeOffset now, CancellationToken ct)
    {
        if (!await db.Set<User>().AnyAsync(u => u.Id == userId && (u.Status == UserStatus.Active || u.Status == UserStatus.Pending), ct))
            return ConnectOutcome.UnknownMember;
        await TakeTurnAsync(userId, ct);
        var account = await db.Set<ProviderConnection>().SingleOrDefaultAsync(c => c.Service == service && c.ExternalUserId == externalUserId, ct);
        DateTimeOffset? scoresFrom = null;
        if (account is not null && account.UserId != userId)
        {
            if (account.Status != ConnectionStatus.Disconnected)
                return ConnectOutcome.TakenByAnotherMember;
            scoresFrom = await LetGoAsync(account, now, ct);
            account = null;
        }

        var mine = await db.Set<ProviderConnection>().Where(c => c.UserId == userId).ToListAsync(ct);
        var connection = account ?? mine.Find(c => c.Provider == provider);
        if (connection is null)
            connection = db.Add(ProviderConnection.Connect(userId, service, provider, externalUserId, scopes, now)).Entity;
        else
            connection.Reconnect(externalUserId, scopes, now);
        if (scoresFrom is { } from)
            connection.ScoreFrom(from, now);
        if (tokens is not null)
            connection.KeepTokens(tokens.Access, tokens.Refresh, tokens.ExpiresAt, now);
        await db.SaveChangesAsync(ct);

        if (!mine.Exists(c => c.IsPrimary) && options.Value.LicenceOf(provider).MayScore)
            await primaries.ChangeAsync(userId, null, connection, now, ct);
        await jobs.ArmAsync(connection, ct);
        return ConnectOutcome.Connected;
    }

    /// <summary>Makes a tracker the one that steps and minutes come from, as domain section 3 says: from tomorrow when there was another.</summary>
    public async Task<SetPrimaryOutcome> SetPrimaryAsync(Guid userId, string provider, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await TakeTurnAsync(userId, ct);
        var mine = await db.Set<ProviderConnection>().Where(c => c.UserId == userId && c.Status != ConnectionStatus.Disconnected).ToListAsync(ct);
        if (mine.Find(c => c.Provider == provider) is not { } next)
            return SetPrimaryOutcome.NotConnected;
        if (!options.Value.LicenceOf(provider).MayScore)
            return SetPrimaryOutcome.MayNotScore;
        if (next.IsPrimary)
            return SetPrimaryOutcome.Changed;
        try
        {
            await primaries.ChangeAsync(userId, mine.Find(c => c.IsPrimary), next, clock.Now(), ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e) || DbErrors.IsLostRace(e))
        {
            return SetPrimaryOutcome.ChangedMeanwhile;
        }

        return SetPrimaryOutcome.Changed;
    }

    /// <summary>Only the member can repair it, and is told so once; the changes wait for the caller's save.</summary>
    internal void NeedReconnect(ProviderConnection connection, string why)
    {
        var now = clock.Now();
        var tell = connection.Status is not (ConnectionStatus.NeedsReconnect or ConnectionStatus.Disconnected);
        connection.NeedReconnect(why, now);
        if (tell)
            outbox.Enqueue(MailTypes.TrackerNeedsReconnect, connection.UserId, new TrackerNeedsReconnectMail(connection.Provider, now), $"{MailTypes.TrackerNeedsReconnect}:{connection.Id}:{now.UtcTicks}");
    }

    /// <summary>Ends every connection of a member who leaves; the tokens are destroyed and the providers told.</summary>
    public async Task DisconnectAllAsync(Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        await TakeTurnAsync(userId, ct);
        foreach (var connection in await db.Set<ProviderConnection>().Where(c => c.UserId == userId && c.Status != ConnectionStatus.Disconnected).ToListAsync(ct))
            End(connection, tellProvider: true, now);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Ends a connection; a primary hands over to the member's oldest other tracker that may score, from tomorrow.</summary>
    /// <param name="tellProvider">It was not the provider who said so.</param>
    /// <returns>False when it has ended already.</returns>
    public async Task<bool> DisconnectAsync(ProviderConnection connection, bool tellProvider, DateTimeOffset now, CancellationToken ct)
    {
        await TakeTurnAsync(connection.UserId, ct);
        await db.Entry(connection).ReloadAsync(ct);
        if (connection.Status == ConnectionStatus.Disconnected)
            return false;
        var wasPrimary = connection.IsPrimary;
        End(connection, tellProvider, now);
        await db.SaveChangesAsync(ct);
        if (!wasPrimary)
            return true;

        var others = await db.Set<ProviderConnection>()
            .Where(c => c.UserId == connection.UserId && c.Id != connection.Id && c.Status != ConnectionStatus.Disconnected)
            .OrderBy(c => c.ConnectedAt).ThenBy(c => c.Id).ToListAsync(ct);
        await primaries.ChangeAsync(connection.UserId, null, others.Find(c => options.Value.LicenceOf(c.Provider).MayScore), now, ct);
        return true;
    }

    /// <summary>Somebody signed in with an account for nobody who is here: the provider is told that we do not want it.</summary>
    internal void Refuse(TrackerService service, string account) => TrackerFarewell.Leave(outbox, null, service, account, null, clock.Now());

    private void End(ProviderConnection connection, bool tellProvider, DateTimeOffset now)
    {
        var tokens = connection.ProtectedAccessToken is { } access ? new ProtectedTokens(access, connection.ProtectedRefreshToken, connection.TokenExpiresAt) : null;
        connection.Disconnect(now);
        if (tellProvider)
            TrackerFarewell.Leave(outbox, connection.UserId, connection.Service, connection.ExternalUserId, tokens, now);
    }

    /// <summary>
    /// The member has disconnected this account, and another one connects it: what the provider sent for the former goes, since it is filed under the
    /// account, and the day on which the former ended scores for them alone.
    /// </summary>
    /// <returns>From when on the account scores for the new one.</returns>
    private async Task<DateTimeOffset> LetGoAsync(ProviderConnection former, DateTimeOffset now, CancellationToken ct)
    {
        var (service, account) = (former.Service, former.ExternalUserId);
        await db.Set<WebhookMessage>().Where(m => m.Service == service && m.ExternalUserId == account && m.Status != WebhookStatus.Pending).ExecuteDeleteAsync(ct);
        // Terra's ids hold the member; the others' are the provider's own.
        if (service != TrackerService.Terra)
            await activities.GiveIdsFreeAsync(former.Id, former.UserId, ct);
        var from = calendar.EndOf(calendar.DayOf(former.DisconnectedAt ?? now));
        former.LetGo(now);
        await db.SaveChangesAsync(ct);
        return from;
    }

    /// <summary>Until the transaction ends nobody else changes which trackers the member has: two that end at once must not hand over to each other.</summary>
    private Task<int> TakeTurnAsync(Guid userId, CancellationToken ct) =>
        db.Set<ProviderConnection>().Where(c => c.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(c => c.UpdatedAt, c => c.UpdatedAt), ct);
}
