using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Security;

/// <summary>A network address that is refused for a while after persistent abuse.</summary>
internal sealed class BlockedAddress
{
    public const int AddressLength = 45;

    private BlockedAddress()
    {
    }

    public string Address { get; private set; } = null!;

    public string Reason { get; private set; } = null!;

    public DateTimeOffset BlockedAt { get; private set; }

    public DateTimeOffset BlockedUntil { get; private set; }

    public static BlockedAddress Create(string address, string reason, DateTimeOffset now, DateTimeOffset until) =>
        new() { Address = address, Reason = reason, BlockedAt = now, BlockedUntil = until };
}

/// <summary>
/// The addresses that every instance refuses. They stand in a table, so that an instance that starts later, or missed a message, knows
/// them too.
/// </summary>
public sealed class BlockedAddresses(FitTrackDbContext db, IMessageBus bus, TimeProvider clock)
{
    /// <summary>Said on the bus when there is a new one.</summary>
    public const string Topic = "address_blocked";

    /// <summary>Blocks an address, or blocks it anew, and tells the other instances.</summary>
    /// <param name="address">As text; for IPv6 the /64 network that one customer has.</param>
    /// <param name="reason">For whoever looks into the table; at most 200 characters.</param>
    /// <param name="until">When it may come back.</param>
    /// <param name="ct">Cancels.</param>
    public async Task BlockAsync(string address, string reason, DateTimeOffset until, CancellationToken ct)
    {
        var now = clock.Now();
        await db.Set<BlockedAddress>().Where(a => a.Address == address || a.BlockedUntil <= now).ExecuteDeleteAsync(ct);
        db.Add(BlockedAddress.Create(address, reason, now, until));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Another instance blocked it at the same moment.
        }

        bus.Publish(Topic, address);
    }

    /// <summary>Those that are blocked now, each with the time when that ends.</summary>
    public async Task<List<(string Address, DateTimeOffset Until)>> ListAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var found = await db.Set<BlockedAddress>().AsNoTracking().Where(a => a.BlockedUntil > now).Select(a => new { a.Address, a.BlockedUntil }).ToListAsync(ct);
        return found.ConvertAll(a => (a.Address, a.BlockedUntil));
    }
}

internal sealed class BlockedAddressConfiguration : IEntityTypeConfiguration<BlockedAddress>
{
    public void Configure(EntityTypeBuilder<BlockedAddress> b)
    {
        b.ToTable("blocked_addresses", t => t.HasComment("Network addresses refused for a while after persistent abuse."));
        b.HasKey(a => a.Address);
        b.Property(a => a.Address).HasMaxLength(BlockedAddress.AddressLength);
        b.Property(a => a.Reason).HasMaxLength(200);
        b.HasIndex(a => a.BlockedUntil);
    }
}
