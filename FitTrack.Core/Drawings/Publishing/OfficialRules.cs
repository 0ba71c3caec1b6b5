using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>The official rules of a drawing, as they stand or as they were published with its manifest.</summary>
/// <param name="Version">Of the general rules, which every entry accepted.</param>
/// <param name="Text">General rules, terms and prizes.</param>
/// <param name="Sha256">Of the text in UTF-8, in hex: <c>rules</c> in the manifest.</param>
public sealed record RulesOfDrawing(Guid DrawingId, string Drawing, int Version, string Text, string Sha256);

/// <summary>The official rules and what a drawing promises under them, as one text whose hash the manifest carries.</summary>
public sealed class OfficialRules(FitTrackDbContext db, TimeProvider clock)
{
    private const string FirstVersion = """
        NO PURCHASE NECESSARY TO ENTER OR WIN. A purchase does not improve the chance of a free entry against that of a bought ticket.
        Eligibility: legal residents of the United States, 18 or older, where not excluded by the list of states in force on the day of entry.
        How to enter: with points earned in FitTrack, or once free of charge in the application or by mail. Points have no cash value.
        Entries are final. A cancelled drawing returns every point.
        Selection: at random, by the published protocol FTDRAW-1, which anyone can recompute. A member wins at most once a drawing.
        Odds depend on the number of entries received and are shown before each entry.
        Winners are told by e-mail and claim a physical prize within 14 days; otherwise it passes to the next alternate or back to the sponsor.
        Winners' display names and ticket numbers are published. Void where prohibited.
        """;

    /// <summary>The version that entries accept now. The first use publishes the built-in text as version 1.</summary>
    public async Task<int> CurrentVersionAsync(CancellationToken ct)
    {
        if (await db.Set<DrawingRules>().MaxAsync(r => (int?)r.Version, ct) is { } version) return version;

        var first = db.Add(DrawingRules.Create(1, FirstVersion, clock.Now()));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Another process published it a moment ago.
        }
        finally
        {
            first.State = EntityState.Detached;
        }

        return 1;
    }

    public Task<string> TextAsync(int version, CancellationToken ct) => db.Set<DrawingRules>().Where(r => r.Version == version).Select(r => r.Text).SingleAsync(ct);

    /// <summary>The rules of a drawing that is, or was, announced; null when there is none.</summary>
    public async Task<RulesOfDrawing?> FindAsync(Guid drawingId, CancellationToken ct)
    {
        if (await db.Set<Drawing>().AsNoTracking().Include(d => d.Prizes).SingleOrDefaultAsync(d => d.Id == drawingId && d.ScheduledAt != null, ct) is not { } drawing) return null;
        var text = await db.Set<DrawingProof>().Where(p => p.DrawingId == drawingId).Select(p => p.RulesText).SingleOrDefaultAsync(ct) ?? await DocumentAsync(drawing, ct);
        return new RulesOfDrawing(drawing.Id, drawing.Name, drawing.RulesVersion, text, HashOf(text));
    }

    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Rules, terms and prizes of a drawing; the same drawing always gives the same text.</summary>
    internal async Task<string> DocumentAsync(Drawing drawing, CancellationToken ct)
    {
        var text = new StringBuilder();
        var us = CultureInfo.InvariantCulture;
        text.Append(await TextAsync(drawing.RulesVersion, ct)).Append("\n\n");
        text.Append(us, $"Drawing: {drawing.Name}\n");
        text.Append(us, $"Entries: {drawing.OpensAt.UtcDateTime:u} to {drawing.SalesCloseAt.UtcDateTime:u}; draw at {drawing.DrawAt.UtcDateTime:u}\n");
        text.Append(us, $"Ticket: {drawing.TicketPrice} points; at most {drawing.MaxTicketsPerMember} bought and {drawing.FreeEntriesPerMember} free a member\n");
        text.Append(us, $"Entrants: age {drawing.MinAge} or older, account {drawing.MinAccountAgeDays} days or older, {Naming.Snake(drawing.EligibleUsers.ToString())} members\n");
        foreach (var prize in drawing.Prizes.OrderBy(p => p.Rank))
        {
            text.Append(us, $"Prize {prize.Rank}: {prize.Quantity} x {prize.Name} ({Naming.Snake(prize.Kind.ToString())}, value {prize.ValueCents / 100m:0.00} USD each)\n");
            if (prize.Description is { } description) text.Append(description).Append('\n');
        }

        return text.ToString();
    }
}
