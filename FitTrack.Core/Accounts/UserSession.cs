using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

public enum SessionEnd
{
    SignedOut,
    SignedOutEverywhere,
    TokenReused,
    PasswordChanged,
    AccountClosed,
}

/// <summary>One sign-in on one device, and the family of all refresh tokens that came from it. Its id is the token's <c>sid</c>.</summary>
internal sealed class UserSession
{
    private UserSession()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public string? IpAddress { get; private set; }

    public string? UserAgent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset LastUsedAt { get; private set; }

    /// <summary>When its newest refresh token expires.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public SessionEnd? RevokedFor { get; private set; }

    public static UserSession Start(Guid userId, ClientInfo client, DateTimeOffset now, DateTimeOffset expiresAt) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        IpAddress = client.IpAddress,
        UserAgent = client.UserAgent,
        CreatedAt = now,
        LastUsedAt = now,
        ExpiresAt = expiresAt,
    };
}

/// <summary>Where a request came from, as far as the caller knows it.</summary>
public sealed record ClientInfo
{
    public const int AddressLength = 45;
    public const int UserAgentLength = 300;

    public ClientInfo(string? ipAddress, string? userAgent) => (IpAddress, UserAgent) = (Cut(ipAddress, AddressLength), Cut(userAgent, UserAgentLength));

    public string? IpAddress { get; }

    public string? UserAgent { get; }

    private static string? Cut(string? text, int length) => text is null or "" ? null : text.Length <= length ? text : text[..length];
}

/// <summary>
/// A refresh token by its SHA-256; the token itself (256 random bits) is never stored. It is used once; the successor is kept
/// sealed under a key that only the used token yields, so that a second tab within the grace period gets the same one.
/// </summary>
internal sealed class RefreshToken
{
    private RefreshToken()
    {
    }

    public Guid Id { get; private set; }

    public Guid SessionId { get; private set; }

    public byte[] TokenHash { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public byte[]? SealedSuccessor { get; private set; }

    public static RefreshToken Issue(Guid sessionId, byte[] tokenHash, DateTimeOffset now, DateTimeOffset expiresAt) => new()
    {
        Id = Guid.CreateVersion7(now),
        SessionId = sessionId,
        TokenHash = tokenHash,
        CreatedAt = now,
        ExpiresAt = expiresAt,
    };
}

internal sealed class UserSessionConfiguration : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> b)
    {
        b.ToTable("user_sessions", t => t.HasComment("One sign-in on one device; revoking it ends its access and refresh tokens."));
        b.HasKey(s => s.Id);
        b.Property(s => s.IpAddress).HasMaxLength(ClientInfo.AddressLength);
        b.Property(s => s.UserAgent).HasMaxLength(ClientInfo.UserAgentLength);
        b.HasIndex(s => new { s.UserId, s.CreatedAt });
        b.HasIndex(s => s.RevokedAt);
        b.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
    }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> b)
    {
        b.ToTable("refresh_tokens", t => t.HasComment("Refresh tokens by hash; the session is their family, revoked as a whole when one is reused."));
        b.HasKey(t => t.Id);
        b.Property(t => t.TokenHash).HasMaxLength(32);
        b.Property(t => t.SealedSuccessor).HasMaxLength(64);
        b.HasIndex(t => t.TokenHash).IsUnique();
        b.HasIndex(t => t.SessionId);
        b.HasIndex(t => t.ExpiresAt);
        b.HasOne<UserSession>().WithMany().HasForeignKey(t => t.SessionId);
    }
}
