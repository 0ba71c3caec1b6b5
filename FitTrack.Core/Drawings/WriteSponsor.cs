using FitTrack.Core.Accounts;
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

/// <summary>Adds, changes and removes sponsors, each with its entry in the audit log.</summary>
public sealed class WriteSponsor(FitTrackDbContext db, AuditLog audit, TimeProvider clock)
{
    /// <summary>Null when the name is taken.</summary>
    public async Task<Sponsor?> CreateAsync(SponsorDetails details, AdminActor admin, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().AnyAsync(s => s.Name == details.Name, ct)) return null;
        var sponsor = db.Add(Sponsor.Create(details, clock.Now())).Entity;
        return await SaveAsync(AuditRecord.Of(admin, "sponsor.create", "sponsor", sponsor.Id.ToString(), null, details), ct) == SponsorChange.Done ? sponsor : null;
    }

    /// <param name="allows">Whether the caller may change the version that is there.</param>
    public async Task<(SponsorChange Outcome, Sponsor? Sponsor)> ChangeAsync(Guid id, Func<long, bool> allows, SponsorDetails details, AdminActor admin, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().SingleOrDefaultAsync(s => s.Id == id, ct) is not { } sponsor) return (SponsorChange.NotFound, null);
        if (!allows(sponsor.Version)) return (SponsorChange.Stale, null);
        if (await db.Set<Sponsor>().AnyAsync(s => s.Name == details.Name && s.Id != id, ct)) return (SponsorChange.NameTaken, null);
        var before = Details(sponsor);
        sponsor.Change(details, clock.Now());
        return (await SaveAsync(AuditRecord.Of(admin, "sponsor.update", "sponsor", id.ToString(), before, details), ct), sponsor);
    }

    /// <param name="allows">Whether the caller may remove the version that is there.</param>
    public async Task<SponsorChange> DeleteAsync(Guid id, Func<long, bool> allows, AdminActor admin, CancellationToken ct)
    {
        if (await db.Set<Sponsor>().SingleOrDefaultAsync(s => s.Id == id, ct) is not { } sponsor) return SponsorChange.NotFound;
        if (!allows(sponsor.Version)) return SponsorChange.Stale;
        if (await db.Set<DrawingPrize>().AnyAsync(p => p.SponsorId == id, ct)) return SponsorChange.InUse;
        db.Remove(sponsor);
        return await SaveAsync(AuditRecord.Of(admin, "sponsor.delete", "sponsor", id.ToString(), Details(sponsor), null), ct);
    }

    private static SponsorDetails Details(Sponsor s) => new(s.Name, s.ContactEmail, s.WebsiteUrl, s.LogoUrl, s.Notes);

    private async Task<SponsorChange> SaveAsync(AuditRecord record, CancellationToken ct)
    {
        await using var own = await db.BeginOwnTransactionAsync(ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return SponsorChange.NameTaken;
        }
        catch (DbUpdateConcurrencyException)
        {
            return SponsorChange.Stale;
        }

        await audit.AppendAsync(record, ct);
        if (own is not null)
            await own.CommitAsync(ct);
        return SponsorChange.Done;
    }
}
