using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Notifications;

public enum NotificationChannel
{
    InApp,
    Email,
}

/// <summary>A member's choice for one category and channel; without a row the category's default holds.</summary>
public sealed class NotificationPreference
{
    private NotificationPreference()
    {
    }

    public NotificationPreference(Guid userId, NotificationCategory category, NotificationChannel channel, bool isEnabled, DateTimeOffset now)
    {
        UserId = userId;
        Category = category;
        Channel = channel;
        Choose(isEnabled, now);
    }

    public Guid UserId { get; private set; }
    public NotificationCategory Category { get; private set; }
    public NotificationChannel Channel { get; private set; }
    public bool IsEnabled { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public void Choose(bool isEnabled, DateTimeOffset now)
    {
        IsEnabled = isEnabled;
        UpdatedAt = now;
    }
}

internal sealed class NotificationPreferenceConfiguration : IEntityTypeConfiguration<NotificationPreference>
{
    public void Configure(EntityTypeBuilder<NotificationPreference> b)
    {
        b.ToTable("notification_preferences", t => t.HasComment("What members chose to be told about, and how."));
        b.HasKey(x => new { x.UserId, x.Category, x.Channel });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
