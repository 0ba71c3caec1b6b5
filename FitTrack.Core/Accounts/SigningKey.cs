using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

/// <summary>
/// An RSA key that signs access tokens. The private half is protected by DataProtection. The serial number is unique, so
/// that two instances that find no key at the same moment make one, not two.
/// </summary>
internal sealed class SigningKey
{
    private SigningKey()
    {
    }

    /// <summary>RFC 7638 thumbprint of the public key.</summary>
    public string Kid { get; private set; } = null!;

    public int Serial { get; private set; }

    public string Algorithm { get; private set; } = null!;

    /// <summary>The public key as a JSON Web Key.</summary>
    public string PublicJwk { get; private set; } = null!;

    /// <summary>PKCS#8, protected.</summary>
    public byte[] ProtectedPrivateKey { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Signs from here; it is published as soon as it exists.</summary>
    public DateTimeOffset ValidFrom { get; private set; }

    /// <summary>Signs no more after this, but verifies until the last token it signed has expired; null while it is the newest.</summary>
    public DateTimeOffset? ValidTo { get; private set; }

    public static SigningKey Create(string kid, int serial, string publicJwk, byte[] protectedPrivateKey, DateTimeOffset validFrom, DateTimeOffset now) => new()
    {
        Kid = kid,
        Serial = serial,
        Algorithm = "RS256",
        PublicJwk = publicJwk,
        ProtectedPrivateKey = protectedPrivateKey,
        CreatedAt = now,
        ValidFrom = validFrom,
    };

    /// <summary>Its successor signs from here.</summary>
    public void RetireFrom(DateTimeOffset time) => ValidTo = time;
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> b)
    {
        b.ToTable("signing_keys", t => t.HasComment("RSA keys that sign access tokens; private halves are protected."));
        b.HasKey(k => k.Kid);
        b.Property(k => k.Kid).HasMaxLength(43);
        b.Property(k => k.Algorithm).HasMaxLength(10);
        b.Property(k => k.PublicJwk).HasMaxLength(1000);
        b.Property(k => k.ProtectedPrivateKey).HasMaxLength(8000);
        b.HasIndex(k => k.Serial).IsUnique();
    }
}
