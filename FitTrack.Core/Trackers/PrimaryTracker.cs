using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Trackers;

/// <summary>
/// From which competition day on a member's steps and minutes come from which connection. A change acts from the next day,
/// so that nobody adds up two trackers' steps in one.
/// </summary>
public sealed class PrimaryTracker
{
    private PrimaryTracker()
    {
    }

    public Guid UserId { get; private set; }

    public DateOnly FromDay { get; private set; }

    /// <summary>Null: none.</summary>
    public Guid? ConnectionId { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    internal static PrimaryTracker From(Guid userId, DateOnly day, Guid? connectionId, DateTimeOffset now) =>
        new() { UserId = userId, FromDay = day, ConnectionId = connectionId, UpdatedAt = now };

    internal void Replace(Guid? connectionId, DateTimeOffset now) => (ConnectionId, UpdatedAt) = (connectionId, now);
}

/// <summary>One member's primary trackers over time.</summary>
public sealed class PrimaryHistory(IEnumerable<(DateOnly FromDay, Guid? ConnectionId)> entries)
{
    private readonly List<(DateOnly FromDay, Guid? ConnectionId)> _entries = [.. entries.OrderBy(e => e.FromDay)];

    public Guid? On(DateOnly day) => _entries.FindLast(e => e.FromDay <= day).ConnectionId;
}

/// <summary>Reads and changes which tracker is a member's primary.</summary>
public sealed class PrimaryTrackers(FitTrackDbContext db, CompetitionCalendar calendar)
{
    public async Task<Dictionary<Guid, PrimaryHistory>> LoadAsync(IReadOnlyCollection<Guid> userIds, CancellationToken ct)
    {
        var rows = await db.Set<PrimaryTracker>().Where(p => userIds.Contains(p.UserId)).Select(p => new { p.UserId, p.FromDay, p.ConnectionId }).ToListAsync(ct);
        return rows.GroupBy(r => r.UserId).ToDictionary(g => g.Key, g => new PrimaryHistory(g.Select(r => (r.FromDay, r.ConnectionId))));
    }

    /// <summary>
    /// Makes a connection (or none) the primary: at once when the member has none today, else from tomorrow. The changes
    /// wait for the caller's <c>SaveChangesAsync</c>.
    /// </summary>
    public async Task ChangeAsync(Guid userId, ProviderConnection? current, ProviderConnection? next, DateTimeOffset now, CancellationToken ct)
    {
        current?.MakePrimary(false, now);
        // Two rows that trade a unique value cannot be told apart by order alone: the old one lets go first.
        await db.SaveChangesAsync(ct);
        next?.MakePrimary(true, now);

        var today = calendar.DayOf(now);
        var entries = await db.Set<PrimaryTracker>().Where(p => p.UserId == userId).OrderByDescending(p => p.FromDay).Take(2).ToListAsync(ct);
        var hasToday = entries.Exists(e => e.FromDay <= today);
        var from = hasToday ? today.AddDays(1) : today;
        if (entries.Find(e => e.FromDay == from) is { } entry)
            entry.Replace(next?.Id, now);
        else
            db.Add(PrimaryTracker.From(userId, from, next?.Id, now));
        await db.SaveChangesAsync(ct);
    }
}

internal sealed class PrimaryTrackerConfiguration : IEntityTypeConfiguration<PrimaryTracker>
{
    public void Configure(EntityTypeBuilder<PrimaryTracker> builder)
    {
        builder.ToTable("primary_trackers", t => t.HasComment("From which competition day on a member's steps and minutes come from which connection."));
        builder.HasKey(p => new { p.UserId, p.FromDay });
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId);
        builder.HasOne<ProviderConnection>().WithMany().HasForeignKey(p => p.ConnectionId);
    }
}
