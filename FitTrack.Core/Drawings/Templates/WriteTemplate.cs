using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Running;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Templates;

/// <summary>What became of a change to a template.</summary>
public abstract record TemplateOutcome
{
    private TemplateOutcome()
    {
    }

    public sealed record Done(DrawingTemplate Template) : TemplateOutcome;

    public sealed record NotFound : TemplateOutcome;

    public sealed record NameTaken : TemplateOutcome;

    /// <summary>Drawings were made of it.</summary>
    public sealed record InUse : TemplateOutcome;

    public sealed record Stale : TemplateOutcome;

    public sealed record Invalid(IReadOnlyList<DrawingProblem> Problems) : TemplateOutcome;
}

/// <summary>Adds, changes and removes templates, each with its entry in the audit log. Drawings that were made already stay as they are.</summary>
public sealed class WriteTemplate(FitTrackDbContext db, WriteDrawing drawings, AuditLog audit, CompetitionCalendar calendar, TimeProvider clock)
{
    public async Task<TemplateOutcome> CreateAsync(TemplateDetails details, AdminActor admin, CancellationToken ct)
    {
        if (await RefusalAsync(details, null, ct) is { } refusal) return refusal;
        var template = db.Add(DrawingTemplate.Create(details, clock.Now())).Entity;
        return await SaveAsync(template, AuditRecord.Of(admin, "drawing_template.create", "drawing_template", template.Id.ToString(), null, details), ct);
    }

    /// <param name="allows">Whether the caller may change the version that is there.</param>
    public async Task<TemplateOutcome> ChangeAsync(Guid id, Func<long, bool> allows, TemplateDetails details, AdminActor admin, CancellationToken ct)
    {
        if (await db.Set<DrawingTemplate>().SingleOrDefaultAsync(t => t.Id == id, ct) is not { } template) return new TemplateOutcome.NotFound();
        if (!allows(template.Version)) return new TemplateOutcome.Stale();
        if (await RefusalAsync(details, id, ct) is { } refusal) return refusal;
        var before = template.Details();
        template.Change(details, clock.Now());
        return await SaveAsync(template, AuditRecord.Of(admin, "drawing_template.update", "drawing_template", id.ToString(), before, details), ct);
    }

    /// <param name="allows">Whether the caller may remove the version that is there.</param>
    public async Task<TemplateOutcome> DeleteAsync(Guid id, Func<long, bool> allows, AdminActor admin, CancellationToken ct)
    {
        if (await db.Set<DrawingTemplate>().SingleOrDefaultAsync(t => t.Id == id, ct) is not { } template) return new TemplateOutcome.NotFound();
        if (!allows(template.Version)) return new TemplateOutcome.Stale();
        if (await db.Set<Drawing>().AnyAsync(d => d.TemplateId == id, ct)) return new TemplateOutcome.InUse();
        db.Remove(template);
        return await SaveAsync(template, AuditRecord.Of(admin, "drawing_template.delete", "drawing_template", id.ToString(), template.Details(), null), ct);
    }

    private async Task<TemplateOutcome?> RefusalAsync(TemplateDetails details, Guid? except, CancellationToken ct)
    {
        var problems = details.Problems(calendar, calendar.DayOf(clock.Now())).ToList();
        problems.AddRange(await drawings.CircumstancesAsync(details.Terms, ct));
        if (problems.Count > 0) return new TemplateOutcome.Invalid(problems);
        return await db.Set<DrawingTemplate>().AnyAsync(t => t.Name == details.Terms.Name && t.Id != except, ct) ? new TemplateOutcome.NameTaken() : null;
    }

    private async Task<TemplateOutcome> SaveAsync(DrawingTemplate template, AuditRecord record, CancellationToken ct)
    {
        await using var own = await db.BeginOwnTransactionAsync(ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return new TemplateOutcome.NameTaken();
        }
        catch (DbUpdateConcurrencyException)
        {
            return new TemplateOutcome.Stale();
        }

        await audit.AppendAsync(record, ct);
        if (own is not null) await own.CommitAsync(ct);
        return new TemplateOutcome.Done(template);
    }
}
