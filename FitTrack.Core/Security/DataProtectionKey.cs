using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Security;

/// <summary>An entry of the DataProtection key ring, wrapped by the master key.</summary>
internal sealed class DataProtectionKey : IEntityTypeConfiguration<DataProtectionKey>
{
    public Guid Id { get; private set; }

    public string FriendlyName { get; private set; } = null!;

    public string Xml { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    public static DataProtectionKey Create(string friendlyName, string xml, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), FriendlyName = friendlyName, Xml = xml, CreatedAt = now };

    void IEntityTypeConfiguration<DataProtectionKey>.Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        builder.ToTable("data_protection_keys", t => t.HasComment("The DataProtection key ring, wrapped by Security:MasterKey."));
        builder.HasKey(k => k.Id);
        builder.Property(k => k.FriendlyName).HasMaxLength(100);
        builder.Property(k => k.Xml).HasMaxLength(8000);
        builder.HasIndex(k => k.FriendlyName).IsUnique();
    }
}
