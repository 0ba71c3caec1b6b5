using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings;

public enum SponsorChange
{
    Done,
    NotFound,
    NameTaken,
    InUse,
    Stale,
}

/// <summary>Adds, changes and removes sponsors.</summary>
public sealed class WriteSponsor(FitTrackDbContext db, TimeProvider clock)
{
    /// <summary>Null when the name is taken.</summary>
    public async Task<Sponsor?> CreateAsync(SponsorDetails details, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().AnyAsync(s => s.Name == details.Name, ct)) return null;
        var sponsor = db.Add(Sponsor.Create(details, clock.Now())).Entity;
        return await SaveAsync(ct) == SponsorChange.Done ? sponsor : null;
    }

    /// <param name="allows">Whether the caller may change the version that is there.</param>
    public async Task<(SponsorChange Outcome, Sponsor? Sponsor)> ChangeAsync(Guid id, Func<long, bool> allows, SponsorDetails details, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().SingleOrDefaultAsync(s => s.Id == id, ct) is not { } sponsor) return (SponsorChange.NotFound, null);
        if (!allows(sponsor.Version)) return (SponsorChange.Stale, null);
        if (await db.Set<Sponsor>().AnyAsync(s => s.Name == details.Name && s.Id != id, ct)) return (SponsorChange.NameTaken, null);
        sponsor.Change(details, clock.Now());
        return (await SaveAsync(ct), sponsor);
    }

    /// <param name="allows">Whether the caller may remove the version that is there.</param>
    public async Task<SponsorChange> DeleteAsync(Guid id, Func<long, bool> allows, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().SingleOrDefaultAsync(s => s.Id == id, ct) is not { } sponsor) return SponsorChange.NotFound;
        if (!allows(sponsor.Version)) return SponsorChange.Stale;
        if (await db.Set<DrawingPrize>().AnyAsync(p => p.SponsorId == id, ct)) return SponsorChange.InUse;
        db.Remove(sponsor);
        return await SaveAsync(ct);
    }

    private async Task<SponsorChange> SaveAsync(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return SponsorChange.Done;
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return SponsorChange.NameTaken;
        }
        catch (DbUpdateConcurrencyException)
        {
            return SponsorChange.Stale;
        }
    }
}
