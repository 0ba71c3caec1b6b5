using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Trackers;

/// <summary>Who we talk to for a provider's data.</summary>
public enum TrackerService
{
    Terra,
    Strava,
    Hevy,
    Google,
}

/// <summary>The state of a connection, as the member sees it; <c>disconnected</c> ones are not shown.</summary>
public enum ConnectionStatus
{
    /// <summary>Connected, and waiting for its first data.</summary>
    Pending,
    Connected,
    NeedsReconnect,
    Error,
    Disconnected,
}

/// <summary>
/// A member's account at a provider. A provider's account feeds one member, a member has one connection a provider, and at
/// most one of them is primary: the database holds all three by unique keys. The row of a disconnected one stays, without
/// tokens, so that its activities keep their origin.
/// </summary>
public sealed class ProviderConnection
{
    public const int MaxProvider = 30;
    public const int MaxExternalUserId = 100;
    public const int MaxError = 500;

    private ProviderConnection()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public TrackerService Service { get; private set; }

    /// <summary>Our name for it, such as <c>garmin</c>; also the source of its activities.</summary>
    public string Provider { get; private set; } = null!;

    /// <summary>The account's id at the service; made up once another member has connected the account.</summary>
    public string ExternalUserId { get; private set; } = null!;

    public ConnectionStatus Status { get; private set; }

    /// <summary>The member's id while this is their primary tracker, else null: a unique column says that there is one at most.</summary>
    public Guid? PrimaryOfUserId { get; private set; }

    /// <summary>Nothing from before that day scores.</summary>
    public DateTimeOffset ConnectedAt { get; private set; }

    /// <summary>Where that is later: nothing from before that day scores, because the account fed another member then.</summary>
    public DateTimeOffset? ScoresFrom { get; private set; }

    public DateTimeOffset? DisconnectedAt { get; private set; }

    public DateTimeOffset? LastSyncAt { get; private set; }

    public DateTimeOffset? NextSyncAt { get; private set; }

    public string? LastError { get; private set; }

    public string? Scopes { get; private set; }

    /// <summary>OAuth tokens, protected by DataProtection; null where the service keeps them (Terra) and after a disconnect.</summary>
    public string? ProtectedAccessToken { get; private set; }

    public string? ProtectedRefreshToken { get; private set; }

    public DateTimeOffset? TokenExpiresAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public bool IsPrimary => PrimaryOfUserId is not null;

    /// <summary>Nothing from before that day scores.</summary>
    public DateTimeOffset ScoringSince => ScoresFrom > ConnectedAt ? ScoresFrom.Value : ConnectedAt;

    public static ProviderConnection Connect(Guid userId, TrackerService service, string provider, string externalUserId, string? scopes, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        Service = service,
        Provider = provider,
        ExternalUserId = externalUserId,
        Status = ConnectionStatus.Pending,
        Scopes = Text(scopes, 1000),
        ConnectedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>The member signed in at the provider again; after a disconnect that is a new beginning.</summary>
    public void Reconnect(string externalUserId, string? scopes, DateTimeOffset now)
    {
        if (Status == ConnectionStatus.Disconnected)
            (ConnectedAt, DisconnectedAt) = (now, null);
        ExternalUserId = externalUserId;
        Scopes = Text(scopes, 1000);
        Status = LastSyncAt is null ? ConnectionStatus.Pending : ConnectionStatus.Connected;
        LastError = null;
        UpdatedAt = now;
    }

    /// <param name="access">An access token or API key, protected.</param>
    /// <param name="refresh">Protected; null where there is none.</param>
    public void KeepTokens(string access, string? refresh, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        (ProtectedAccessToken, ProtectedRefreshToken, TokenExpiresAt, UpdatedAt) = (access, refresh, expiresAt, now);

    public void Disconnect(DateTimeOffset now)
    {
        Status = ConnectionStatus.Disconnected;
        DisconnectedAt = now;
        PrimaryOfUserId = null;
        NextSyncAt = null;
        (ProtectedAccessToken, ProtectedRefreshToken, TokenExpiresAt) = (null, null, null);
        UpdatedAt = now;
    }

    /// <summary>The account is connected by another member now; this row keeps the origin of what it brought.</summary>
    internal void LetGo(DateTimeOffset now) => (ExternalUserId, UpdatedAt) = ($"former:{Id}", now);

    internal void ScoreFrom(DateTimeOffset from, DateTimeOffset now) => (ScoresFrom, UpdatedAt) = (from, now);

    /// <summary>Only the member can repair it, by signing in at the provider again.</summary>
    public void NeedReconnect(string why, DateTimeOffset now) => Fail(ConnectionStatus.NeedsReconnect, why, now);

    public void ChangeScopes(string? scopes, DateTimeOffset now)
    {
        Scopes = Text(scopes, 1000);
        UpdatedAt = now;
    }

    /// <summary>Data came. While it keeps coming the stamp moves once a minute: that is as fine as anybody looks.</summary>
    public void Synced(DateTimeOffset now)
    {
        if (Status == ConnectionStatus.Connected && LastError is null && now - LastSyncAt < TimeSpan.FromMinutes(1))
            return;
        LastSyncAt = now;
        if (Status != ConnectionStatus.Disconnected)
            (Status, LastError) = (ConnectionStatus.Connected, null);
        UpdatedAt = now;
    }

    internal void MakePrimary(bool primary, DateTimeOffset now)
    {
        PrimaryOfUserId = primary ? UserId : null;
        UpdatedAt = now;
    }

    private static string? Text(string? text, int longest) => string.IsNullOrWhiteSpace(text) ? null : text.Length <= longest ? text : text[..longest];

    private void Fail(ConnectionStatus status, string why, DateTimeOffset now)
    {
        if (Status == ConnectionStatus.Disconnected)
            return;
        (Status, LastError, NextSyncAt, UpdatedAt) = (status, Text(why, MaxError), null, now);
    }
}

internal sealed class ProviderConnectionConfiguration : IEntityTypeConfiguration<ProviderConnection>
{
    public void Configure(EntityTypeBuilder<ProviderConnection> builder)
    {
        builder.ToTable("provider_connections", t =>
        {
            t.HasComment("Members' accounts at tracker and calendar providers; tokens are encrypted.");
            t.HasCheckConstraint("ck_provider_connections_primary", "primary_of_user_id IS NULL OR primary_of_user_id = user_id");
        });
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Provider).HasMaxLength(ProviderConnection.MaxProvider);
        builder.Property(c => c.ExternalUserId).HasMaxLength(ProviderConnection.MaxExternalUserId);
        // Data that is worked off while the member disconnects must not bring the connection back.
        builder.Property(c => c.Status).IsConcurrencyToken();
        builder.Property(c => c.LastError).HasMaxLength(ProviderConnection.MaxError);
        builder.Property(c => c.Scopes).HasMaxLength(1000);
        builder.Property(c => c.ProtectedAccessToken).HasMaxLength(4000);
        builder.Property(c => c.ProtectedRefreshToken).HasMaxLength(4000);
        builder.Ignore(c => c.IsPrimary);
        builder.Ignore(c => c.ScoringSince);
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        builder.HasIndex(c => new { c.Service, c.ExternalUserId }).IsUnique();
        builder.HasIndex(c => new { c.UserId, c.Provider }).IsUnique();
        builder.HasIndex(c => c.PrimaryOfUserId).IsUnique();
        builder.HasIndex(c => c.NextSyncAt);
    }
}
