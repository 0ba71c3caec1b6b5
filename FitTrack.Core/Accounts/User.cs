using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

public enum UserRole
{
    User,
    Premium,
    Admin,
}

/// <summary><c>pending</c> until the e-mail is verified, then <c>active</c>; <c>suspended</c> by an admin; <c>deleted</c> rows stay.</summary>
public enum UserStatus
{
    Pending,
    Active,
    Suspended,
    Deleted,
}

/// <summary>An account: who signs in, and what the law asks about them. What they show to others is their <see cref="Profile"/>.</summary>
public sealed class User
{
    /// <summary>What stands in an erased account, where something must.</summary>
    internal static readonly DateOnly ErasedBirth = new(1900, 1, 1);

    internal const string ErasedState = "--";

    private User()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>As typed, for mails; see <see cref="EmailAddress"/> for what makes two addresses the same.</summary>
    public string Email { get; private set; } = null!;

    public string NormalizedEmail { get; private set; } = null!;

    /// <summary>bcrypt, <c>$2b$</c>.</summary>
    public string PasswordHash { get; private set; } = null!;

    public UserRole Role { get; private set; }

    public UserStatus Status { get; private set; }

    public DateTimeOffset? EmailVerifiedAt { get; private set; }

    public DateOnly DateOfBirth { get; private set; }

    /// <summary>Two-letter code of the US state of residence.</summary>
    public string State { get; private set; } = null!;

    /// <summary>Changes with everything that must end existing sessions.</summary>
    public string SecurityStamp { get; private set; } = null!;

    /// <summary>TOTP secret, protected by DataProtection; null while two-factor sign-in is off and not being set up.</summary>
    public string? ProtectedTotpSecret { get; private set; }

    /// <summary>Null while the secret waits for its first code, and while two-factor sign-in is off.</summary>
    public DateTimeOffset? TwoFactorEnabledAt { get; private set; }

    /// <summary>Of the last code that was accepted (RFC 6238, section 5.2: a code is accepted once).</summary>
    public long? LastTotpStep { get; private set; }

    public DateTimeOffset? LastLoginAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>First became active; nothing from before that day scores.</summary>
    public DateTimeOffset? ActivatedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Personal data was removed, 30 days after the deletion.</summary>
    public DateTimeOffset? AnonymizedAt { get; private set; }

    /// <summary>Grows by one with every change; the ETag.</summary>
    public long Version { get; private set; }

    public bool EmailVerified => EmailVerifiedAt is not null;

    public bool TwoFactorEnabled => TwoFactorEnabledAt is not null;

    public static User Register(EmailAddress email, string passwordHash, DateOnly dateOfBirth, string state, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Email = email.Text,
        NormalizedEmail = email.Normalized,
        PasswordHash = passwordHash,
        Role = UserRole.User,
        Status = UserStatus.Pending,
        DateOfBirth = dateOfBirth,
        State = state,
        SecurityStamp = NewStamp(),
        CreatedAt = now,
        UpdatedAt = now,
        Version = 1,
    };

    /// <summary>Verifies the address; a pending account becomes active.</summary>
    public void VerifyEmail(DateTimeOffset now)
    {
        EmailVerifiedAt ??= now;
        if (Status == UserStatus.Pending)
        {
            Status = UserStatus.Active;
            ActivatedAt ??= now;
        }

        Touch(now);
    }

    public void ChangeRole(UserRole role, DateTimeOffset now)
    {
        Role = role;
        Touch(now);
    }

    public void Suspend(DateTimeOffset now)
    {
        Status = UserStatus.Suspended;
        SecurityStamp = NewStamp();
        Touch(now);
    }

    /// <summary>Ends a suspension: back to active, or to pending when the address was never verified.</summary>
    public void Reinstate(DateTimeOffset now)
    {
        Status = EmailVerified ? UserStatus.Active : UserStatus.Pending;
        if (Status == UserStatus.Active)
            ActivatedAt ??= now;
        Touch(now);
    }

    public void MoveTo(string state, DateTimeOffset now)
    {
        State = state;
        Touch(now);
    }

    /// <summary>Changes the address, which must be verified anew unless an admin vouches for it.</summary>
    public void ChangeEmail(EmailAddress email, bool verified, DateTimeOffset now)
    {
        Email = email.Text;
        NormalizedEmail = email.Normalized;
        EmailVerifiedAt = verified ? now : null;
        Touch(now);
    }

    public void ChangePassword(string passwordHash, DateTimeOffset now)
    {
        PasswordHash = passwordHash;
        SecurityStamp = NewStamp();
        Touch(now);
    }

    /// <summary>A new secret; no code of an older one counts.</summary>
    public void PrepareTwoFactor(string protectedSecret, DateTimeOffset now)
    {
        (ProtectedTotpSecret, LastTotpStep) = (protectedSecret, null);
        Touch(now);
    }

    /// <exception cref="InvalidOperationException">There is no secret.</exception>
    public void EnableTwoFactor(DateTimeOffset now)
    {
        if (ProtectedTotpSecret is null)
            throw new InvalidOperationException("Two-factor sign-in needs a secret.");
        TwoFactorEnabledAt ??= now;
        Touch(now);
    }

    /// <summary>Off, and the secret gone.</summary>
    public void DisableTwoFactor(DateTimeOffset now)
    {
        (ProtectedTotpSecret, LastTotpStep, TwoFactorEnabledAt) = (null, null, null);
        Touch(now);
    }

    internal void RenewStamp(string stamp) => SecurityStamp = stamp;

    /// <summary>Soft: the row stays, the member is gone from every list and can no longer sign in.</summary>
    public void Delete(DateTimeOffset now)
    {
        Status = UserStatus.Deleted;
        DeletedAt ??= now;
        SecurityStamp = NewStamp();
        Touch(now);
    }

    /// <summary>A change of something shown with the account, such as its profile, counts as a change of the account.</summary>
    public void Touch(DateTimeOffset now)
    {
        // Two changes within a microsecond, or a clock set back, still leave a later time behind.
        UpdatedAt = now > UpdatedAt ? now : UpdatedAt.AddMicroseconds(1);
        Version++;
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> b)
    {
        b.ToTable("users", t =>
        {
            t.HasComment("Accounts: sign-in, role, status and what eligibility needs. Deleted accounts keep their row.");
            t.HasCheckConstraint("ck_users_version", "version >= 1");
        });
        b.HasKey(u => u.Id);
        b.Property(u => u.Email).HasMaxLength(EmailAddress.MaxLength);
        b.Property(u => u.NormalizedEmail).HasMaxLength(EmailAddress.MaxLength);
        b.Property(u => u.PasswordHash).HasMaxLength(100);
        b.Property(u => u.State).HasMaxLength(2);
        b.Property(u => u.SecurityStamp).HasMaxLength(40);
        b.Property(u => u.ProtectedTotpSecret).HasMaxLength(800);
        b.Property(u => u.Version).IsConcurrencyToken();
        b.Ignore(u => u.EmailVerified);
        b.Ignore(u => u.TwoFactorEnabled);
        b.HasIndex(u => u.NormalizedEmail).IsUnique();
        b.HasIndex(u => new { u.Status, u.CreatedAt });
        b.HasIndex(u => u.CreatedAt);
    }
}
