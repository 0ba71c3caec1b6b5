using FitTrack.Core.Accounts;
using FitTrack.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Activities;

internal sealed class ActivityConfiguration : IEntityTypeConfiguration<Activity>
{
    public void Configure(EntityTypeBuilder<Activity> builder)
    {
        builder.ToTable("activities", t =>
        {
            t.HasComment("Workouts, daily steps and daily active minutes, one row per thing and source.");
            t.HasCheckConstraint("ck_activities_seconds", "light_seconds >= 0 AND moderate_seconds >= 0 AND vigorous_seconds >= 0 AND length_seconds >= 0");
            t.HasCheckConstraint("ck_activities_points", "points >= 0");
            t.HasCheckConstraint("ck_activities_steps", "steps IS NULL OR steps >= 0");
            t.HasCheckConstraint("ck_activities_measures", "distance_meters >= 0 AND average_heart_rate >= 0");
        });
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Source).HasMaxLength(Activity.MaxSource);
        builder.Property(a => a.NaturalId).HasMaxLength(Activity.MaxNaturalId);
        builder.Property(a => a.Sport).HasMaxLength(40);
        builder.Property(a => a.Title).HasMaxLength(Activity.MaxTitle);
        builder.Property(a => a.Metrics).HasMaxLength(Activity.MaxMetrics);
        builder.Ignore(a => a.MainIntensity);
        builder.Property(a => a.Revision).IsConcurrencyToken();
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId);
        builder.HasOne<ProviderConnection>().WithMany().HasForeignKey(a => a.ConnectionId);
        builder.HasIndex(a => new { a.NaturalId, a.Source }).IsUnique();
        builder.HasIndex(a => new { a.UserId, a.CompetitionDay });
    }
}
