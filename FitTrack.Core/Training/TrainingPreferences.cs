using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum DistanceUnit
{
    Miles,
    Kilometers,
}

/// <summary>How a member wants distances shown; stored are metres. Without a row it is miles.</summary>
public sealed class TrainingPreferences
{
    private TrainingPreferences()
    {
    }

    public TrainingPreferences(Guid userId, DistanceUnit distanceUnit, DateTimeOffset now)
    {
        UserId = userId;
        Choose(distanceUnit, now);
    }

    public Guid UserId { get; private set; }
    public DistanceUnit DistanceUnit { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public void Choose(DistanceUnit distanceUnit, DateTimeOffset now)
    {
        DistanceUnit = distanceUnit;
        UpdatedAt = now;
    }
}

internal sealed class TrainingPreferencesConfiguration : IEntityTypeConfiguration<TrainingPreferences>
{
    public void Configure(EntityTypeBuilder<TrainingPreferences> b)
    {
        b.ToTable("training_preferences", t => t.HasComment("How members want their training log shown."));
        b.HasKey(x => x.UserId);
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
