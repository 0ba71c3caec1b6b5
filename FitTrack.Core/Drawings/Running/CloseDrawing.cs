using System.Text;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Drawings.Running;

/// <summary>
/// Ends sales, numbers the tickets and publishes the signed manifest (FTDRAW-1, step 2). All of it but the shutting of the gates is one
/// transaction: stopped at any point, it starts over and comes to the same.
/// </summary>
public sealed class CloseDrawing(
    FitTrackDbContext db, DrawingSteps steps, SalesGates gates, TicketNumbering numbering, DrawKeys keys, DrawingSecrets secrets, OfficialRules rules,
    CancelDrawing cancel, Outbox outbox, IOptions<DrawingOptions> options, TimeProvider clock)
{
    private static readonly StepOutcome TooLate = new StepOutcome.Impossible("The beacon spoke before the manifest was published");

    public async Task<StepOutcome> ExecuteAsync(StepRequest request, CancellationToken ct)
    {
        if (await AwaitedRoundAsync(request.DrawingId, ct) is { } round && HasSpoken(round)) return await VoidAsync(request, ct);

        if (await steps.PreconditionAsync(request, ct) is { } refusal) return refusal;
        await gates.ShutAsync(request.DrawingId, ct);
        var outcome = await steps.RunAsync(
            request with { Version = null },
            "drawing.close",
            async (drawing, now) => drawing.Status == DrawingStatus.Open ? await PublishAsync(drawing, now, ct) : StepOutcome.No("closed", drawing.Status),
            ct);
        return outcome == TooLate ? await VoidAsync(request, ct) : outcome;
    }

    private Task<StepOutcome> VoidAsync(StepRequest request, CancellationToken ct) =>
        cancel.ByRuleAsync(request with { Version = null }, "The manifest could not be published before the beacon's round", ct);

    private async Task<StepOutcome?> PublishAsync(Drawing drawing, DateTimeOffset now, CancellationToken ct)
    {
        await steps.HoldAsync(drawing, ct);
        if (await gates.AreOpenAsync(drawing.Id, ct)) return SalesGates.OpenedMeanwhile;
        var (paid, free) = await numbering.CountAsync(drawing.Id, ct);
        var admitted = await db.Set<DrawingGate>().Where(g => g.DrawingId == drawing.Id).SumAsync(g => g.Sold, ct);
        if (admitted != paid + free) return new StepOutcome.HeldUp($"The gates admitted {admitted} tickets, but there are {paid + free}", IsWrong: true);

        await numbering.RunAsync(drawing.Id, ct);
        var pseudonyms = await Pseudonyms.ReadAsync(db, secrets, drawing.Id, drawing.SealedSeed, null, ct);
        var roll = await TicketRoll.ReadAsync(db, drawing.Id, pseudonyms, ct);
        var blocks = roll.BlockHashes();
        var rulesText = await rules.DocumentAsync(drawing, ct);
        var manifest = ManifestWriter.For(drawing, roll.Count, blocks, rulesText).ToCanonicalJson();
        var hash = Convert.ToHexStringLower(Manifest.Hash(manifest));
        var (signature, keyId) = await keys.SignAsync(manifest, ct);

        db.Add(DrawingProof.Publish(drawing.Id, Encoding.UTF8.GetString(manifest), hash, signature, keyId, rulesText, now));
        db.AddRange(blocks.Chunk(MerkleTree.HashLength).Select((node, block) => DrawingTreeBlock.Create(drawing.Id, block, node)));
        foreach (var userId in roll.Users)
            outbox.Enqueue(MailTypes.DrawingClosed, userId, new DrawingClosedMail(drawing.Id, drawing.Name, hash, drawing.DrawAt), $"drawing_closed:{drawing.Id}:{userId}");
        // Numbering takes its time: what counts is when the manifest can be read.
        if (drawing.Round is { } round && HasSpoken(round)) return TooLate;
        drawing.TryClose(paid, free, now);
        return null;
    }

    private Task<long?> AwaitedRoundAsync(Guid drawingId, CancellationToken ct) => db.Set<Drawing>()
        .Where(d => d.Id == drawingId && d.Status == DrawingStatus.Open && d.Entropy == EntropyKind.Drand).Select(d => d.Round).SingleOrDefaultAsync(ct);

    /// <summary>A manifest that appears when the beacon has spoken proves nothing: such a drawing is void.</summary>
    private bool HasSpoken(long round) => clock.Now() >= options.Value.Beacon.TimeOf(round);
}
