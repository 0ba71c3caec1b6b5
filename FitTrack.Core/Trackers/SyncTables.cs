using FitTrack.Core.Accounts;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Trackers;

/// <summary>A sign-in at a provider that was begun here; single use, short-lived, and known only by its hash.</summary>
public sealed class OAuthState
{
    private OAuthState()
    {
    }

    /// <summary>SHA-256 of the state, hex.</summary>
    public string StateHash { get; private set; } = null!;

    public Guid UserId { get; private set; }

    public string Provider { get; private set; } = null!;

    /// <summary>PKCE verifier, protected by DataProtection; null where the service has none.</summary>
    public string? ProtectedCodeVerifier { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>The account that the member came back with, where the provider connects it by a message of its own (Terra).</summary>
    public string? ExternalUserId { get; private set; }

    public static OAuthState Begin(string stateHash, Guid userId, string provider, string? protectedCodeVerifier, DateTimeOffset now, TimeSpan lifetime) => new()
    {
        StateHash = stateHash,
        UserId = userId,
        Provider = provider,
        ProtectedCodeVerifier = protectedCodeVerifier,
        CreatedAt = now,
        ExpiresAt = now + lifetime,
    };
}

/// <summary>What a connection's next synchronisation is to do. A connection has one, under its own id, which is due again after each run.</summary>
public sealed class SyncJob : ILeasedRow
{
    private SyncJob()
    {
    }

    public Guid Id { get; private set; }

    public Guid ConnectionId { get; private set; }

    /// <summary>Everything from the beginning, instead of what is new.</summary>
    public bool FullSync { get; private set; }

    public DateTimeOffset DueAt { get; private set; }

    public DateTimeOffset RequestedAt { get; private set; }

    /// <summary>The member asked for it, at <see cref="RequestedAt"/>; allowed once per five minutes.</summary>
    public bool ByMember { get; private set; }

    /// <summary>That failed, since the last one that did not.</summary>
    public int Attempts { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>There is nothing to do until the connection is repaired; null while it is synchronised in intervals.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    public string? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public long Fencing { get; private set; }

    public static SyncJob For(Guid connectionId, DateTimeOffset now) => new() { Id = connectionId, ConnectionId = connectionId, DueAt = now, RequestedAt = now };
}

/// <summary>How far a connection's data of one kind has been read.</summary>
public sealed class SyncMetadata
{
    private SyncMetadata()
    {
    }

    public Guid ConnectionId { get; private set; }

    /// <summary>What is read, such as <c>activities</c> or <c>workouts</c>.</summary>
    public string DataKind { get; private set; } = null!;

    public DateTimeOffset? LastSuccessAt { get; private set; }

    /// <summary>The provider's own mark for going on from here.</summary>
    public string? ResumeFrom { get; private set; }

    public int ItemsSeen { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static SyncMetadata Begin(Guid connectionId, string dataKind, DateTimeOffset now) =>
        new() { ConnectionId = connectionId, DataKind = dataKind, UpdatedAt = now };

    public void Advance(string? resumeFrom, int itemsSeen, DateTimeOffset startedAt, DateTimeOffset now)
    {
        (ResumeFrom, LastSuccessAt, UpdatedAt) = (resumeFrom, startedAt, now);
        ItemsSeen += itemsSeen;
    }
}

/// <summary>Requests made to a provider in one of its rate windows, counted over all processes.</summary>
public sealed class ProviderRateWindow
{
    private ProviderRateWindow()
    {
    }

    public TrackerService Service { get; private set; }

    /// <summary>Whose window: <c>app</c>, or an account where the provider counts per account.</summary>
    public string Subject { get; private set; } = null!;

    /// <summary>Its length in seconds.</summary>
    public int WindowSeconds { get; private set; }

    public DateTimeOffset WindowStart { get; private set; }

    public int Used { get; private set; }

    public int AllowedRequests { get; private set; }

    public DateTimeOffset? BlockedUntil { get; private set; }

    public static ProviderRateWindow Open(TrackerService service, string subject, int windowSeconds, int allowedRequests, DateTimeOffset windowStart) => new()
    {
        Service = service,
        Subject = subject,
        WindowSeconds = windowSeconds,
        AllowedRequests = allowedRequests,
        WindowStart = windowStart,
    };
}

internal sealed class SyncTablesConfiguration : IEntityTypeConfiguration<OAuthState>, IEntityTypeConfiguration<SyncJob>, IEntityTypeConfiguration<SyncMetadata>, IEntityTypeConfiguration<ProviderRateWindow>
{
    public void Configure(EntityTypeBuilder<OAuthState> builder)
    {
        builder.ToTable("oauth_states", t => t.HasComment("Sign-ins at providers that were begun here; single use."));
        builder.HasKey(s => s.StateHash);
        builder.Property(s => s.StateHash).HasMaxLength(64);
        builder.Property(s => s.Provider).HasMaxLength(ProviderConnection.MaxProvider);
        builder.Property(s => s.ProtectedCodeVerifier).HasMaxLength(1000);
        builder.Property(s => s.ExternalUserId).HasMaxLength(ProviderConnection.MaxExternalUserId);
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        builder.HasIndex(s => s.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<SyncJob> builder)
    {
        builder.ToTable("sync_jobs", t => t.HasComment("Synchronisations that are due, running or done."));
        builder.HasKey(j => j.Id);
        builder.Property(j => j.LastError).HasMaxLength(ProviderConnection.MaxError);
        builder.HasLease();
        builder.HasOne<ProviderConnection>().WithMany().HasForeignKey(j => j.ConnectionId);
        builder.HasIndex(j => new { j.CompletedAt, j.DueAt });
    }

    public void Configure(EntityTypeBuilder<SyncMetadata> builder)
    {
        builder.ToTable("sync_metadata", t => t.HasComment("How far each connection's data has been read."));
        builder.HasKey(m => new { m.ConnectionId, m.DataKind });
        builder.Property(m => m.DataKind).HasMaxLength(40);
        builder.Property(m => m.ResumeFrom).HasMaxLength(400);
        builder.HasOne<ProviderConnection>().WithMany().HasForeignKey(m => m.ConnectionId);
    }

    public void Configure(EntityTypeBuilder<ProviderRateWindow> builder)
    {
        builder.ToTable("provider_rate_windows", t => t.HasComment("Requests made to providers in their rate windows."));
        builder.HasKey(w => new { w.Service, w.Subject, w.WindowSeconds });
        builder.Property(w => w.Subject).HasMaxLength(ProviderConnection.MaxExternalUserId);
    }
}
