using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Points;

/// <summary>
/// The root over all members' last hashes at the end of a competition day (domain section 3). Once others have seen it,
/// no ledger row of that day or before can be changed unseen.
/// </summary>
public sealed class LedgerRoot
{
    private LedgerRoot()
    {
    }

    public DateOnly CompetitionDay { get; private set; }

    /// <summary>Rows from before this instant are in it.</summary>
    public DateTimeOffset CutoffAt { get; private set; }

    /// <summary>Members with at least one row.</summary>
    public int Members { get; private set; }

    /// <summary>RFC 6962 tree; the leaves, H(0x00 ‖ LP(user id) ‖ LP(seq) ‖ last hash), are in the order of the user ids' text.</summary>
    public byte[] RootHash { get; private set; } = null!;

    public DateTimeOffset PublishedAt { get; private set; }

    internal static LedgerRoot Over(DateOnly day, DateTimeOffset cutoff, IReadOnlyCollection<LedgerHead> heads, DateTimeOffset now) => new()
    {
        CompetitionDay = day,
        CutoffAt = cutoff,
        Members = heads.Count,
        RootHash = HashOf(heads),
        PublishedAt = now,
    };

    internal static byte[] HashOf(IEnumerable<LedgerHead> heads)
    {
        var leaves = heads.OrderBy(h => h.UserId.ToString(), StringComparer.Ordinal).SelectMany(h => LedgerHash.Leaf(h.UserId, h.Seq, h.Hash)).ToArray();
        return MerkleTree.Root(leaves);
    }
}

/// <summary>Where a member's chain stood.</summary>
internal sealed record LedgerHead(Guid UserId, long Seq, byte[] Hash);

/// <summary>Publishes the root of each day that is over.</summary>
public sealed class LedgerRoots(FitTrackDbContext db, CompetitionCalendar calendar, TimeProvider clock)
{
    /// <summary>By then every transaction that began before the cutoff has ended.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>The longest gap that is filled: a new installation does not publish the empty days before it.</summary>
    private const int MostDays = 31;

    /// <summary>Publishes what is missing up to yesterday.</summary>
    /// <returns>The days published now; none when another process did it.</returns>
    public async Task<IReadOnlyList<DateOnly>> PublishAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var last = await db.Set<LedgerRoot>().MaxAsync(r => (DateOnly?)r.CompetitionDay, ct);
        var yesterday = calendar.DayOf(now - Settling).AddDays(-1);
        var first = last?.AddDays(1) ?? yesterday;
        if (first < yesterday.AddDays(-MostDays))
            first = yesterday.AddDays(-MostDays);

        var published = new List<DateOnly>();
        for (var day = first; day <= yesterday; day = day.AddDays(1))
        {
            var cutoff = calendar.EndOf(day);
            db.Add(LedgerRoot.Over(day, cutoff, await HeadsAsync(cutoff, ct), now));
            published.Add(day);
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return [];
        }

        return published;
    }

    private Task<List<LedgerHead>> HeadsAsync(DateTimeOffset cutoff, CancellationToken ct)
    {
        var rows = db.Set<PointTransaction>().Where(t => t.CreatedAt < cutoff);
        var last = rows.GroupBy(t => t.UserId).Select(g => new { UserId = g.Key, Seq = g.Max(t => t.Seq) });
        return last.Join(rows, h => new { h.UserId, h.Seq }, t => new { t.UserId, t.Seq }, (h, t) => new LedgerHead(h.UserId, h.Seq, t.Hash)).ToListAsync(ct);
    }
}

internal sealed class LedgerRootConfiguration : IEntityTypeConfiguration<LedgerRoot>
{
    public void Configure(EntityTypeBuilder<LedgerRoot> builder)
    {
        builder.ToTable("ledger_roots", t => t.HasComment("The root over all members' last ledger hashes at the end of each competition day."));
        builder.HasKey(r => r.CompetitionDay);
        builder.Property(r => r.RootHash).HasMaxLength(LedgerHash.Length);
    }
}
