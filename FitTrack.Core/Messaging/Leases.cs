using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Messaging;

/// <summary>Takes, keeps and gives back named leases, by conditional updates.</summary>
public sealed class Leases(FitTrackDbContext db, InstanceId instance, TimeProvider clock)
{
    /// <summary>The lease, or null when another process holds it. Asking again as its holder takes it anew under a new fencing number.</summary>
    public async Task<LeaseGrant?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken ct)
    {
        var now = clock.Now();
        var expiresAt = (now + duration).ToMicroseconds();
        var owner = instance.Value;
        var taken = await db.Set<Lease>().Where(x => x.Name == name && (x.Owner == owner || x.ExpiresAt < now))
            .ExecuteUpdateAsync(
                set => set.SetProperty(x => x.Owner, owner).SetProperty(x => x.ExpiresAt, expiresAt).SetProperty(x => x.Fencing, x => x.Fencing + 1),
                ct);
        if (taken == 0 && !await TryCreateAsync(Lease.Create(name, owner, expiresAt), ct))
            return null;

        var fencing = await db.Set<Lease>().Where(x => x.Name == name && x.Owner == owner).Select(x => (long?)x.Fencing).SingleOrDefaultAsync(ct);
        return fencing is { } number ? new LeaseGrant(name, owner, number, expiresAt) : null;
    }

    /// <summary>A longer grant, or null when the lease has passed to another.</summary>
    public async Task<LeaseGrant?> RenewAsync(LeaseGrant grant, TimeSpan duration, CancellationToken ct)
    {
        var expiresAt = (clock.Now() + duration).ToMicroseconds();
        var kept = await Held(grant).ExecuteUpdateAsync(set => set.SetProperty(x => x.ExpiresAt, expiresAt), ct);
        return kept == 1 ? grant with { ExpiresAt = expiresAt } : null;
    }

    /// <summary>
    /// Inside the transaction of the final write: true when the lease is still ours, and then nobody can take it
    /// before the commit. False means that the work must be rolled back.
    /// </summary>
    public async Task<bool> ConfirmAsync(LeaseGrant grant, CancellationToken ct) =>
        await Held(grant).ExecuteUpdateAsync(set => set.SetProperty(x => x.Fencing, x => x.Fencing), ct) == 1;

    /// <summary>Lets others have it at once.</summary>
    public async Task ReleaseAsync(LeaseGrant grant, CancellationToken ct)
    {
        var past = DateTimeOffset.UnixEpoch;
        await Held(grant).ExecuteUpdateAsync(set => set.SetProperty(x => x.ExpiresAt, past), ct);
    }

    private IQueryable<Lease> Held(LeaseGrant grant)
    {
        var (name, owner, fencing) = (grant.Name, grant.Owner, grant.Fencing);
        return db.Set<Lease>().Where(x => x.Name == name && x.Owner == owner && x.Fencing == fencing);
    }

    private async Task<bool> TryCreateAsync(Lease lease, CancellationToken ct)
    {
        var name = lease.Name;
        if (await db.Set<Lease>().AnyAsync(x => x.Name == name, ct))
            return false;
        var entry = db.Add(lease);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return false;
        }
        finally
        {
            entry.State = EntityState.Detached;
        }
    }
}
