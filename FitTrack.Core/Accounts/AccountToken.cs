using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

public enum AccountTokenPurpose
{
    EmailVerification,
    PasswordReset,
}

/// <summary>A single-use link sent by mail, by the SHA-256 of its 256 random bits.</summary>
internal sealed class AccountToken
{
    private AccountToken()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public AccountTokenPurpose Purpose { get; private set; }

    public byte[] TokenHash { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public static AccountToken Issue(Guid userId, AccountTokenPurpose purpose, byte[] tokenHash, DateTimeOffset now, TimeSpan lifetime) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        Purpose = purpose,
        TokenHash = tokenHash,
        CreatedAt = now,
        ExpiresAt = now + lifetime,
    };
}

/// <summary>
/// One of the codes that replace the authenticator once each. Identity's codes hold 47 random bits, so the hash is salted, with the row's random
/// id (ASVS 4.0.3, requirement 2.6.2).
/// </summary>
internal sealed class RecoveryCode
{
    private RecoveryCode()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public byte[] CodeHash { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public static RecoveryCode Create(Guid userId, string code, DateTimeOffset now)
    {
        var id = Guid.NewGuid();
        return new() { Id = id, UserId = userId, CodeHash = HashOf(id, code), CreatedAt = now };
    }

    public bool Is(string code) => CryptographicOperations.FixedTimeEquals(CodeHash, HashOf(Id, code));

    /// <summary>Case, blanks and dashes are how people copy it, not what it says.</summary>
    private static byte[] HashOf(Guid id, string code)
    {
        var text = string.Concat(code.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return SHA256.HashData([.. id.ToByteArray(), .. Encoding.UTF8.GetBytes(text)]);
    }
}

public enum LoginOutcome
{
    Succeeded,
    WrongPassword,
    UnknownEmail,
    WrongCode,
    EmailNotVerified,
    NotAllowed,
    Locked,
}

/// <summary>An attempt to sign in, known address or not: what the lock-out counts.</summary>
internal sealed class LoginAttempt
{
    private LoginAttempt()
    {
    }

    public Guid Id { get; private set; }

    public string NormalizedEmail { get; private set; } = null!;

    public Guid? UserId { get; private set; }

    public LoginOutcome Outcome { get; private set; }

    public string? IpAddress { get; private set; }

    public DateTimeOffset AttemptedAt { get; private set; }

    public static LoginAttempt Record(string normalizedEmail, Guid? userId, LoginOutcome outcome, ClientInfo client, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        NormalizedEmail = normalizedEmail,
        UserId = userId,
        Outcome = outcome,
        IpAddress = client.IpAddress,
        AttemptedAt = now,
    };

    /// <summary>
    /// An attempt in its place behind the one before. The id follows from that one, so that of two who want the same place the database
    /// lets one have it; the time never stands before the predecessor's, whatever the clocks of two machines say.
    /// </summary>
    public static LoginAttempt Behind((Guid Id, DateTimeOffset At)? last, string normalizedEmail, Guid? userId, LoginOutcome outcome, ClientInfo client, DateTimeOffset now)
    {
        var hash = SHA256.HashData([.. (last?.Id ?? Guid.Empty).ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(normalizedEmail)]);
        (hash[6], hash[8]) = ((byte)(0x80 | (hash[6] & 0x0F)), (byte)(0x80 | (hash[8] & 0x3F))); // version 8 of RFC 9562: of our own making
        var attempt = Record(normalizedEmail, userId, outcome, client, last is { At: var before } && before >= now ? before.AddMicroseconds(1) : now);
        attempt.Id = new Guid(hash.AsSpan(0, 16), bigEndian: true);
        return attempt;
    }
}

internal sealed class AccountTokenConfiguration : IEntityTypeConfiguration<AccountToken>
{
    public void Configure(EntityTypeBuilder<AccountToken> b)
    {
        b.ToTable("account_tokens", t => t.HasComment("Single-use links for e-mail verification and password reset, by hash."));
        b.HasKey(t => t.Id);
        b.Property(t => t.TokenHash).HasMaxLength(32);
        b.HasIndex(t => t.TokenHash).IsUnique();
        b.HasIndex(t => new { t.UserId, t.Purpose });
        b.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
    }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> b)
    {
        b.ToTable("recovery_codes", t => t.HasComment("Single-use codes that replace the second factor, by hash."));
        b.HasKey(c => c.Id);
        b.Property(c => c.CodeHash).HasMaxLength(32);
        b.HasIndex(c => new { c.UserId, c.CodeHash }).IsUnique();
        b.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
    }
}

internal sealed class LoginAttemptConfiguration : IEntityTypeConfiguration<LoginAttempt>
{
    public void Configure(EntityTypeBuilder<LoginAttempt> b)
    {
        b.ToTable("login_attempts", t => t.HasComment("Attempts to sign in by normalised address, whether it is known or not; the lock-out counts them."));
        b.HasKey(a => a.Id);
        b.Property(a => a.NormalizedEmail).HasMaxLength(EmailAddress.MaxLength);
        b.Property(a => a.IpAddress).HasMaxLength(ClientInfo.AddressLength);
        b.HasIndex(a => new { a.NormalizedEmail, a.AttemptedAt });
        b.HasIndex(a => a.AttemptedAt);
        b.HasOne<User>().WithMany().HasForeignKey(a => a.UserId);
    }
}
