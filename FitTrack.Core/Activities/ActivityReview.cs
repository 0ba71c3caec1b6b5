using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Activities;

public enum ReviewStatus
{
    Open,
    Cleared,
    Rejected,
    Appealed,
}

/// <summary>
/// A soft limit of plausibility was crossed (domain section 3): the evidence, what an admin decided, and the member's appeal.
/// Only the member and admins see it.
/// </summary>
public sealed class ActivityReview
{
    private ActivityReview()
    {
    }

    public Guid Id { get; private set; }
    public Guid ActivityId { get; private set; }

    /// <summary>The activity's revision that was judged.</summary>
    public int ActivityRevision { get; private set; }
    public Guid UserId { get; private set; }

    /// <summary>The limit's name, <c>tier_z_score</c>.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>JSON: the numbers that crossed the limit, and the limit.</summary>
    public string Evidence { get; private set; } = "";
    public ReviewStatus Status { get; private set; }
    public DateTimeOffset OpenedAt { get; private set; }
    public Guid? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }
    public string? DecisionReason { get; private set; }
    public string? Appeal { get; private set; }
    public DateTimeOffset? AppealedAt { get; private set; }
    public int Version { get; private set; }

    /// <summary>It waits for an administrator, for the first time or after an appeal.</summary>
    public bool IsUndecided => Status is ReviewStatus.Open or ReviewStatus.Appealed;

    internal static ActivityReview Open(Guid activityId, int revision, Guid userId, string rule, string evidence, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ActivityId = activityId,
        ActivityRevision = revision,
        UserId = userId,
        Rule = rule,
        Evidence = evidence,
        Status = ReviewStatus.Open,
        OpenedAt = now,
        Version = 1,
    };

    internal void Decide(bool scores, Guid adminId, string reason, DateTimeOffset now)
    {
        Status = scores ? ReviewStatus.Cleared : ReviewStatus.Rejected;
        (DecidedBy, DecidedAt, DecisionReason) = (adminId, now, reason);
        Version++;
    }

    /// <summary>Against a rejection, and once.</summary>
    /// <returns>False when there is nothing to appeal against, or no longer.</returns>
    internal bool TryAppeal(string text, DateTimeOffset now)
    {
        if (Status != ReviewStatus.Rejected || AppealedAt is not null)
            return false;
        (Status, Appeal, AppealedAt) = (ReviewStatus.Appealed, text, now);
        Version++;
        return true;
    }
}

internal sealed class ActivityReviewConfiguration : IEntityTypeConfiguration<ActivityReview>
{
    public void Configure(EntityTypeBuilder<ActivityReview> b)
    {
        b.ToTable("activity_reviews", t =>
        {
            t.HasComment("Reviews of activities that crossed a soft limit, with evidence, decision and appeal.");
            t.HasCheckConstraint("ck_activity_reviews_decided", "status NOT IN ('cleared', 'rejected') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL AND decision_reason IS NOT NULL)");
            t.HasCheckConstraint("ck_activity_reviews_appealed", "status <> 'appealed' OR (appeal IS NOT NULL AND appealed_at IS NOT NULL)");
        });
        b.HasKey(x => x.Id);
        b.Ignore(x => x.IsUndecided);
        b.Property(x => x.Rule).HasMaxLength(60);
        b.Property(x => x.Evidence).HasMaxLength(4000);
        b.Property(x => x.DecisionReason).HasMaxLength(500);
        b.Property(x => x.Appeal).HasMaxLength(1000);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.ActivityId, x.ActivityRevision, x.Rule }).IsUnique();
        b.HasIndex(x => new { x.Status, x.OpenedAt });
        b.HasOne<Activity>().WithMany().HasForeignKey(x => x.ActivityId);
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<User>().WithMany().HasForeignKey(x => x.DecidedBy);
    }
}
