using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>What became of a new version of the official rules.</summary>
public abstract record PublishOutcome
{
    private PublishOutcome()
    {
    }

    public sealed record Published(DrawingRules Rules, int Drawings) : PublishOutcome;

    /// <summary>Another version is in force than the one that was to be replaced.</summary>
    public sealed record Replaced(int Current) : PublishOutcome;

    public sealed record Invalid(DrawingProblem Problem) : PublishOutcome;
}

/// <summary>
/// Adds a version of the official rules. It holds for every drawing that has not opened; whoever entered one keeps the version they
/// accepted, because a drawing's terms never change once it is open.
/// </summary>
public sealed class PublishRules(FitTrackDbContext db, OfficialRules rules, AuditLog audit, IMessageBus bus, TimeProvider clock)
{
    /// <param name="text">1 to 30,000 characters.</param>
    /// <param name="replaces">The version that the administrator saw in force.</param>
    /// <param name="admin">Who publishes.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PublishOutcome> ExecuteAsync(string text, int replaces, AdminActor admin, CancellationToken ct)
    {
        text = text.ReplaceLineEndings("\n").Trim();
        if (text.Length is 0 or > DrawingRules.MaxText) return Invalid($"Rules must have 1 to {DrawingRules.MaxText} characters");
        var current = await rules.CurrentVersionAsync(ct);
        if (current != replaces) return new PublishOutcome.Replaced(current);
        if (await rules.TextAsync(current, ct) == text) return Invalid($"This is the text of version {current}");

        try
        {
            return await PublishAsync(DrawingRules.Create(current + 1, text, clock.Now()), admin, ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return new PublishOutcome.Replaced(current + 1);
        }
    }

    private static PublishOutcome.Invalid Invalid(string message) => new(new DrawingProblem("text", message));

    private async Task<PublishOutcome> PublishAsync(DrawingRules added, AdminActor admin, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(added);
        await db.SaveChangesAsync(ct);
        // With their versions, so that a step which read one before does not put it back or open it under the old rules.
        var waiting = db.Set<Drawing>().Where(d => d.Status == DrawingStatus.Draft || d.Status == DrawingStatus.Scheduled);
        var announced = await waiting.Where(d => d.Status == DrawingStatus.Scheduled).Select(d => d.Id).ToListAsync(ct);
        var drawings = await waiting.ExecuteUpdateAsync(set => set
            .SetProperty(d => d.RulesVersion, added.Version).SetProperty(d => d.UpdatedAt, added.PublishedAt).SetProperty(d => d.Version, d => d.Version + 1), ct);
        await audit.AppendAsync(AuditRecord.Of(admin, "drawing_rules.publish", "drawing_rules", added.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), new { version = added.Version - 1 }, new { version = added.Version, sha256 = OfficialRules.HashOf(added.Text), drawings }), ct);
        foreach (var id in announced) bus.PublishOnCommit(db, BusTopics.Drawing, id.ToString());
        await transaction.CommitAsync(ct);
        return new PublishOutcome.Published(added, drawings);
    }
}
