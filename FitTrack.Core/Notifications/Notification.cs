using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Notifications;

/// <summary>What a notice is about; members choose by it what reaches them how.</summary>
public enum NotificationCategory
{
    Account,
    Trackers,
    Points,
    Leaderboards,
    Drawings,
    Prizes,
    Training,
    Coach,
    Admin,
}

/// <summary>A notice in the member's own list.</summary>
public sealed class Notification
{
    public const int MaxTitle = 150;
    public const int MaxBody = 1000;

    private Notification()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public NotificationCategory Category { get; private set; }

    /// <summary>Names the occasion, <c>drawing_won:{drawingId}</c>; unique per member, so that a repeated job tells it once.</summary>
    public string OccasionKey { get; private set; } = "";
    public string Title { get; private set; } = "";
    public string Body { get; private set; } = "";

    /// <summary>A path inside the site.</summary>
    public string? Link { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? ReadAt { get; private set; }

    /// <exception cref="ArgumentException">A text is blank or too long, or the link leaves the site.</exception>
    public static Notification Create(Guid userId, NotificationCategory category, string occasionKey, string title, string body, string? link, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(occasionKey);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(body);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(title.Length, MaxTitle, nameof(title));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxBody, nameof(body));
        if (link is not null && (!link.StartsWith('/') || link.StartsWith("//", StringComparison.Ordinal)))
            throw new ArgumentException("A notice links to a path inside the site.", nameof(link));
        return new Notification { Id = Guid.CreateVersion7(now), UserId = userId, Category = category, OccasionKey = occasionKey, Title = title, Body = body, Link = link, CreatedAt = now };
    }
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> b)
    {
        b.ToTable("notifications", t => t.HasComment("Notices in members' own lists, each occasion once."));
        b.HasKey(x => x.Id);
        b.Property(x => x.OccasionKey).HasMaxLength(150);
        b.Property(x => x.Title).HasMaxLength(Notification.MaxTitle);
        b.Property(x => x.Body).HasMaxLength(Notification.MaxBody);
        b.Property(x => x.Link).HasMaxLength(500);
        b.HasIndex(x => new { x.UserId, x.OccasionKey }).IsUnique();
        b.HasIndex(x => new { x.UserId, x.CreatedAt });
        b.HasIndex(x => new { x.UserId, x.ReadAt });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
