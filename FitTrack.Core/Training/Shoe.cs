using System.Text;
using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

/// <summary>A pair of shoes; its mileage is what it had when it was entered and what its runs add.</summary>
public sealed class Shoe
{
    public const int MaxName = 100;
    public const int MaxKey = 150;

    private Shoe()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }

    /// <summary>The normalised name, <c>nike_air_zoom_pegasus_38</c>; unique per member.</summary>
    public string ShoeKey { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string? Notes { get; private set; }

    /// <summary>Run in them before the log began.</summary>
    public double InitialMeters { get; private set; }
    public DateOnly? RetiredOn { get; private set; }
    public string? RetirementNote { get; private set; }

    /// <summary>The last mileage warning that was given: 0, 300 or 500 miles.</summary>
    public int WarnedAtMiles { get; private set; }

    /// <summary>The shoe that this one was merged into; its name lives on as an alias there.</summary>
    public Guid? MergedIntoId { get; private set; }
    public int Version { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <exception cref="ArgumentException">The name has no letter or digit, is too long, or the distance is negative.</exception>
    public static Shoe Create(Guid userId, string name, double initialMeters, DateTimeOffset now)
    {
        var key = ValidKeyOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(initialMeters);
        return new Shoe { Id = Guid.CreateVersion7(now), UserId = userId, ShoeKey = key, Name = name.Trim(), InitialMeters = initialMeters, Version = 1, CreatedAt = now, UpdatedAt = now };
    }

    /// <summary><c>Nike Air Zoom Pegasus 38</c> → <c>nike_air_zoom_pegasus_38</c>; empty without a letter or digit.</summary>
    public static string KeyOf(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var c in name.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsLetterOrDigit(c))
                key.Append(char.ToLowerInvariant(c));
            else if (key.Length > 0 && key[^1] != '_')
                key.Append('_');
        }

        return key.ToString().TrimEnd('_');
    }

    internal static string ValidKeyOf(string name)
    {
        var key = KeyOf(name);
        ArgumentException.ThrowIfNullOrEmpty(key, nameof(name));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKey, nameof(name));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Trim().Length, MaxName, nameof(name));
        return key;
    }
}

/// <summary>Another name that a provider or a file has for a shoe.</summary>
public sealed class ShoeAlias
{
    private ShoeAlias()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public Guid ShoeId { get; private set; }

    /// <summary>Normalised like <see cref="Shoe.ShoeKey"/>; unique per member.</summary>
    public string AliasKey { get; private set; } = "";
    public string Name { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    /// <exception cref="ArgumentException">The name has no letter or digit or is too long.</exception>
    public static ShoeAlias Of(Shoe shoe, string name, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), UserId = shoe.UserId, ShoeId = shoe.Id, AliasKey = Shoe.ValidKeyOf(name), Name = name.Trim(), CreatedAt = now };
}

internal sealed class ShoeConfiguration : IEntityTypeConfiguration<Shoe>
{
    public void Configure(EntityTypeBuilder<Shoe> b)
    {
        b.ToTable("shoes", t =>
        {
            t.HasComment("A member's shoes, with their starting mileage and retirement.");
            t.HasCheckConstraint("ck_shoes_initial_meters", "initial_meters >= 0");
            t.HasCheckConstraint("ck_shoes_warned_at_miles", "warned_at_miles IN (0, 300, 500)");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.ShoeKey).HasMaxLength(Shoe.MaxKey);
        b.Property(x => x.Name).HasMaxLength(Shoe.MaxName);
        b.Property(x => x.Notes).HasMaxLength(1000);
        b.Property(x => x.RetirementNote).HasMaxLength(500);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.UserId, x.ShoeKey }).IsUnique();
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<Shoe>().WithMany().HasForeignKey(x => x.MergedIntoId);
    }
}

internal sealed class ShoeAliasConfiguration : IEntityTypeConfiguration<ShoeAlias>
{
    public void Configure(EntityTypeBuilder<ShoeAlias> b)
    {
        b.ToTable("shoe_aliases", t => t.HasComment("Other names of a member's shoes, from providers, files and merges."));
        b.HasKey(x => x.Id);
        b.Property(x => x.AliasKey).HasMaxLength(Shoe.MaxKey);
        b.Property(x => x.Name).HasMaxLength(Shoe.MaxName);
        b.HasIndex(x => new { x.UserId, x.AliasKey }).IsUnique();
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<Shoe>().WithMany().HasForeignKey(x => x.ShoeId);
    }
}
