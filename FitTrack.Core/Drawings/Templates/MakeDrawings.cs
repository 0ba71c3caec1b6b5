using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Running;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Drawings.Templates;

/// <summary>
/// Makes and publishes the drawings that templates want in the days to come. One a template and day, whoever runs it and however often:
/// the drawing's key is unique in the database, and a draft that a crash left behind is published by the next run.
/// </summary>
public sealed partial class MakeDrawings(
    FitTrackDbContext db, WriteDrawing write, ScheduleDrawing schedule, CompetitionCalendar calendar, TimeProvider clock, ILogger<MakeDrawings> logger)
{
    /// <returns>How many drawings were published.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        foreach (var template in await db.Set<DrawingTemplate>().AsNoTracking().Where(t => t.IsActive).OrderBy(t => t.Name).ToListAsync(ct))
            await MakeAsync(template, ct);

        var (published, now) = (0, clock.Now());
        foreach (var draft in await db.Set<Drawing>().Where(d => d.Status == DrawingStatus.Draft && d.TemplateKey != null && d.SalesCloseAt > now).OrderBy(d => d.DrawAt).Select(d => d.Id).ToListAsync(ct))
        {
            var outcome = await schedule.ExecuteAsync(new StepRequest(draft, Actor.System), ct);
            if (outcome is StepOutcome.Done) published++;
            if (outcome is StepOutcome.Invalid invalid) LogRefused(logger, draft, invalid.Problems[0].Message);
        }

        return published;
    }

    private async Task MakeAsync(DrawingTemplate template, CancellationToken ct)
    {
        var (details, now) = (template.Details(), clock.Now());
        var today = calendar.DayOf(now);
        var wanted = details.Rhythm.Days(today, today.AddDays(template.CreateDaysAhead))
            .Select(day => (Day: day, Terms: details.On(day, calendar)))
            .Where(d => d.Terms.SalesCloseAt > now)
            .ToDictionary(d => Drawing.KeyOf(template.Id, d.Day));
        var keys = wanted.Keys.ToList();
        var made = await db.Set<Drawing>().Where(d => keys.Contains(d.TemplateKey!)).Select(d => d.TemplateKey!).ToListAsync(ct);
        foreach (var (day, terms) in keys.Except(made, StringComparer.Ordinal).Select(key => wanted[key]))
        {
            try
            {
                if (await write.CreateAsync(terms, Actor.System, ct, (template.Id, day)) is StepOutcome.Invalid invalid) LogRefused(logger, template.Id, invalid.Problems[0].Message);
            }
            catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
            {
                // Another Worker was quicker.
                db.ChangeTracker.Clear();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No drawing can be made of {Source}: {Reason}.")]
    private static partial void LogRefused(ILogger logger, Guid source, string reason);
}
