using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Trackers;

public enum WebhookStatus
{
    /// <summary>Waits for the Worker, for the first time or again.</summary>
    Pending,
    Processed,

    /// <summary>Of a kind that means nothing to us.</summary>
    Ignored,

    /// <summary>Given up; <see cref="WebhookMessage.Error"/> says why. The body is kept.</summary>
    Failed,
}

/// <summary>
/// A provider's message as it came, stored before it is acknowledged. Its delivery id is unique, so a delivery that is
/// repeated is stored once and processed once.
/// </summary>
public sealed class WebhookMessage : ILeasedRow
{
    public const int MaxDeliveryId = 200;
    /// <summary>Characters.</summary>
    public const int MaxBody = 4 * 1024 * 1024;
    public const int MaxError = 500;

    private WebhookMessage()
    {
    }

    public Guid Id { get; private set; }

    public TrackerService Service { get; private set; }

    /// <summary>Terra's trace id, which stays the same over its retries.</summary>
    public string DeliveryId { get; private set; } = null!;

    /// <summary>The type the message states; null when it states none.</summary>
    public string? EventType { get; private set; }

    /// <summary>The account it is about, as the service names it; null when it names none.</summary>
    public string? ExternalUserId { get; private set; }

    public string Body { get; private set; } = null!;

    /// <summary>Where the service says which of two versions is newer.</summary>
    public DateTimeOffset? OrderedAt { get; private set; }

    public DateTimeOffset ReceivedAt { get; private set; }

    public WebhookStatus Status { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>When it is due; retries move it.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    public string? Error { get; private set; }

    public DateTimeOffset? ProcessedAt { get; private set; }

    public string? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public long Fencing { get; private set; }

    public static WebhookMessage Receive(TrackerService service, string deliveryId, string? eventType, string? externalUserId, string body, DateTimeOffset? orderedAt, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Service = service,
        DeliveryId = deliveryId,
        EventType = eventType,
        ExternalUserId = externalUserId,
        Body = body,
        OrderedAt = orderedAt,
        ReceivedAt = now,
        NextAttemptAt = now,
    };
}

internal sealed class WebhookMessageConfiguration : IEntityTypeConfiguration<WebhookMessage>
{
    public void Configure(EntityTypeBuilder<WebhookMessage> builder)
    {
        builder.ToTable("webhook_messages", t => t.HasComment("Providers' messages as they came, with the state of their processing."));
        builder.HasKey(m => m.Id);
        builder.Property(m => m.DeliveryId).HasMaxLength(WebhookMessage.MaxDeliveryId);
        builder.Property(m => m.EventType).HasMaxLength(60);
        builder.Property(m => m.ExternalUserId).HasMaxLength(ProviderConnection.MaxExternalUserId);
        builder.Property(m => m.Body).HasMaxLength(WebhookMessage.MaxBody);
        builder.Property(m => m.Error).HasMaxLength(WebhookMessage.MaxError);
        builder.HasLease();
        builder.HasIndex(m => new { m.Service, m.DeliveryId }).IsUnique();
        builder.HasIndex(m => new { m.Status, m.NextAttemptAt, m.Id });
        builder.HasIndex(m => m.ExternalUserId);
    }
}
