using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Makes drawings, and changes them while they are drafts or scheduled.</summary>
public sealed class WriteDrawing(FitTrackDbContext db, DrawingSteps steps, EntropySources entropy, OfficialRules rules, DrawingSecrets secrets, PrizeAccount account, AuditLog audit, TimeProvider clock)
{
    /// <summary>Makes a draft.</summary>
    /// <param name="madeBy">The template and day that it is made for.</param>
    public async Task<StepOutcome> CreateAsync(DrawingTerms terms, Actor actor, CancellationToken ct, (Guid Template, DateOnly Day)? madeBy = null)
    {
        var problems = await ProblemsAsync(terms, ct);
        if (problems.Count > 0) return new StepOutcome.Invalid(problems);

        var rulesVersion = await rules.CurrentVersionAsync(ct);
        var now = clock.Now();
        var drawing = Drawing.Create(terms, rulesVersion, actor.UserId, now);
        if (madeBy is var (template, day)) drawing.MadeBy(template, day);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(drawing);
        AddCodes(drawing, terms, now);
        await db.SaveChangesAsync(ct);
        var after = JsonSerializer.Serialize(new { status = "draft", name = drawing.Name, version = drawing.Version });
        await audit.AppendAsync(new AuditRecord(actor.UserId, "drawing.create", "drawing", drawing.Id.ToString(), null, after, actor.IpAddress), ct);
        await transaction.CommitAsync(ct);
        return new StepOutcome.Done(drawing);
    }

    public async Task<StepOutcome> EditAsync(StepRequest request, DrawingTerms terms, CancellationToken ct)
    {
        var problems = await ProblemsAsync(terms, ct);
        if (problems.Count > 0) return new StepOutcome.Invalid(problems);

        return await steps.RunAsync(request, "drawing.edit", async (drawing, now) =>
        {
            if (!drawing.IsEditable) return StepOutcome.No("edited", drawing.Status);
            if (drawing.BreaksFrozenTerms(terms)) return new StepOutcome.Invalid([new("drawAt", "Draw time and entropy are published and frozen once a drawing is scheduled")]);
            if (drawing.Status == DrawingStatus.Scheduled && terms.SalesCloseAt <= now) return new StepOutcome.Invalid([new("salesCloseAt", "Sales close time must be in the future")]);

            await steps.HoldAsync(drawing, ct);
            var before = drawing.Prizes.ToList();
            var codes = await TakeCodesAsync(before, ct);
            db.RemoveRange(before);
            drawing.TryEdit(terms, await rules.CurrentVersionAsync(ct), now);
            AddCodes(drawing, terms, now);
            KeepCodes(drawing, terms, before, codes, now);
            if (drawing.Status == DrawingStatus.Scheduled) await account.RecordAsync(drawing, now, ct);
            return null;
        }, ct);
    }

    private void AddCodes(Drawing drawing, DrawingTerms terms, DateTimeOffset now)
    {
        foreach (var prize in drawing.Prizes)
            db.AddRange((terms.Prizes.Single(p => p.Rank == prize.Rank).Codes ?? []).Select(code => PrizeCode.Create(prize.Id, secrets.SealCode(code), now)));
    }

    private async Task<ILookup<Guid, string>> TakeCodesAsync(List<DrawingPrize> prizes, CancellationToken ct)
    {
        var ids = prizes.ConvertAll(p => p.Id);
        var codes = db.Set<PrizeCode>().Where(c => ids.Contains(c.PrizeId));
        var taken = (await codes.AsNoTracking().OrderBy(c => c.Id).ToListAsync(ct)).ToLookup(c => c.PrizeId, c => c.SealedCode);
        await codes.ExecuteDeleteAsync(ct);
        return taken;
    }

    /// <summary>A prize that is the same as before keeps its codes, which nobody can read to type them in again, also at another rank.</summary>
    private void KeepCodes(Drawing drawing, DrawingTerms terms, List<DrawingPrize> before, ILookup<Guid, string> codes, DateTimeOffset now)
    {
        foreach (var prize in drawing.Prizes.Where(p => terms.Prizes.Single(t => t.Rank == p.Rank).Codes is null))
        {
            var same = before.Where(prize.IsSameAs).OrderByDescending(p => p.Rank == prize.Rank).FirstOrDefault();
            if (same is null) continue;
            before.Remove(same);
            db.AddRange(codes[same.Id].Select(code => PrizeCode.Create(prize.Id, code, now)));
        }
    }

    private async Task<List<DrawingProblem>> ProblemsAsync(DrawingTerms terms, CancellationToken ct) => [.. terms.Problems(), .. await CircumstancesAsync(terms, ct)];

    /// <summary>What speaks against the terms here and now, whatever they say: entropy that is not to be had, sponsors that are unknown.</summary>
    internal async Task<List<DrawingProblem>> CircumstancesAsync(DrawingTerms terms, CancellationToken ct)
    {
        var problems = new List<DrawingProblem>();
        if (entropy.Problem(terms.Entropy) is { } problem) problems.Add(problem);

        var sponsors = terms.Prizes.Select(p => p.SponsorId).OfType<Guid>().Distinct().ToList();
        var known = sponsors.Count == 0 ? [] : await db.Set<Sponsor>().Where(s => sponsors.Contains(s.Id)).Select(s => s.Id).ToListAsync(ct);
        problems.AddRange(terms.Prizes.Select((p, i) => (p.SponsorId, i))
            .Where(p => p.SponsorId is { } id && !known.Contains(id))
            .Select(p => new DrawingProblem($"prizes[{p.i}].sponsorId", "There is no such sponsor")));
        return problems;
    }
}
