using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Messaging;

/// <summary>A named job that one process at a time may do. Rows are made on first use and stay.</summary>
public sealed class Lease : IEntityTypeConfiguration<Lease>
{
    public string Name { get; private set; } = "";

    public string Owner { get; private set; } = "";

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Grows with every change of hands; writes carry it so that one who slept too long is refused.</summary>
    public long Fencing { get; private set; }

    internal static Lease Create(string name, string owner, DateTimeOffset expiresAt) =>
        new() { Name = name, Owner = owner, ExpiresAt = expiresAt, Fencing = 1 };

    void IEntityTypeConfiguration<Lease>.Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("leases", t => t.HasComment("Named jobs that one process at a time may do, with owner, expiry and fencing number."));
        builder.HasKey(x => x.Name);
        builder.Property(x => x.Name).HasMaxLength(100);
        builder.Property(x => x.Owner).HasMaxLength(100);
    }
}

/// <summary>Proof of holding a lease.</summary>
/// <param name="Name">The job.</param>
/// <param name="Owner">The holder.</param>
/// <param name="Fencing">To be checked by the final write, see <see cref="Leases.ConfirmAsync"/>.</param>
/// <param name="ExpiresAt">Until when nobody else gets it.</param>
public sealed record LeaseGrant(string Name, string Owner, long Fencing, DateTimeOffset ExpiresAt);
