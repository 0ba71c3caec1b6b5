using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Drawings.Running;

/// <summary>
/// Draws the winners of a closed drawing (FTDRAW-1, steps 3 to 6) in one transaction whose last write is conditional: there is one outcome,
/// whoever tries and however often. Whatever does not check is noted on the drawing, and nobody wins.
/// </summary>
public sealed class ExecuteDraw(
    FitTrackDbContext db, DrawingSteps steps, DrawKeys keys, DrawingSecrets secrets, IBeacon beacon, CancelDrawing cancel, DrawResults results, IOptions<DrawingOptions> options, TimeProvider clock)
{
    private static readonly BeaconAnswer NotYet = new BeaconAnswer.Missing("The time of the beacon's round has not come yet");

    public async Task<StepOutcome> ExecuteAsync(StepRequest request, CancellationToken ct)
    {
        var id = request.DrawingId;
        var source = await db.Set<Drawing>().AsNoTracking().Where(d => d.Id == id).Select(d => new { d.Status, d.ChainHash, d.Round }).SingleOrDefaultAsync(ct);
        if (source is null) return new StepOutcome.NotFound();
        if (source.Status != DrawingStatus.Closed) return StepOutcome.No("drawn", source.Status);

        // Asked before the transaction, which should not wait for a network.
        var answer = source is { ChainHash: { } chain, Round: { } number } && clock.Now() >= options.Value.Beacon.TimeOf(number) ? await beacon.FindAsync(chain, number, ct) : NotYet;
        if (source.Round is { } awaited && answer is BeaconAnswer.Missing && clock.Now() >= options.Value.Beacon.TimeOf(awaited).AddDays(options.Value.BeaconPatienceDays))
            return await cancel.ByRuleAsync(request, $"The beacon's round {awaited} was not to be had for {options.Value.BeaconPatienceDays} days", ct);

        return await steps.RunAsync(request, "drawing.execute", async (drawing, now) =>
        {
            if (drawing.Status != DrawingStatus.Closed) return StepOutcome.No("drawn", drawing.Status);
            await steps.HoldAsync(drawing, ct);
            return await DrawAsync(drawing, answer, now, ct);
        }, ct);
    }

    /// <summary>Null when it is done, else what is missing or wrong; then nothing was changed.</summary>
    private async Task<StepOutcome.HeldUp?> DrawAsync(Drawing drawing, BeaconAnswer answer, DateTimeOffset now, CancellationToken ct)
    {
        var proof = await db.Set<DrawingProof>().SingleAsync(p => p.DrawingId == drawing.Id, ct);
        var pseudonyms = await Pseudonyms.ReadAsync(db, secrets, drawing.Id, drawing.SealedSeed, null, ct);
        var roll = await TicketRoll.ReadAsync(db, drawing.Id, pseudonyms, ct);
        if (await ProblemOfManifestAsync(drawing, proof, roll, ct) is { } mismatch) return Wrong(mismatch);
        if (answer is BeaconAnswer.Missing(var reason) && drawing.Entropy == EntropyKind.Drand) return new StepOutcome.HeldUp(reason, IsWrong: false);
        var (entropy, problem) = EntropyOf(drawing, answer);
        if (entropy is null) return Wrong(problem!);

        var seed = DrawSeed.Derive(drawing.ChainHash ?? "", drawing.Round ?? 0, entropy, Convert.FromHexString(proof.ManifestHash));
        var picks = Selection.Run(seed, ManifestWriter.SlotsOf(drawing), drawing.Alternates, roll.HolderOfTicket);
        var round = (answer as BeaconAnswer.Found)?.Round;
        proof.Reveal(new RevealedEntropy(round?.Randomness, round?.Signature, drawing.SealedSeed is null ? null : Convert.ToHexStringLower(entropy), Convert.ToHexStringLower(seed)), now);
        await results.AwardAsync(drawing, roll, picks, now, ct);
        // The database takes picks for a closed drawing only, so the last write is the one that completes it.
        await db.SaveChangesAsync(ct);
        drawing.TryComplete(now);
        return null;
    }

    private static StepOutcome.HeldUp Wrong(string problem) => new(problem, IsWrong: true);

    /// <summary>The tickets, terms and signature must still be those that were published.</summary>
    private async Task<string?> ProblemOfManifestAsync(Drawing drawing, DrawingProof proof, TicketRoll roll, CancellationToken ct)
    {
        var manifest = ManifestWriter.For(drawing, roll.Count, roll.BlockHashes(), proof.RulesText).ToCanonicalJson();
        if (Encoding.UTF8.GetString(manifest) != proof.Manifest) return "The tickets or terms are not those of the published manifest";
        if (Convert.ToHexStringLower(Manifest.Hash(manifest)) != proof.ManifestHash) return "The hash of the manifest is not the published one";
        return await keys.VerifyAsync(proof.KeyId, manifest, proof.Signature, ct) ? null : "The manifest's signature does not verify";
    }

    private (byte[]? Entropy, string? Problem) EntropyOf(Drawing drawing, BeaconAnswer answer)
    {
        if (drawing.Entropy == EntropyKind.Commit)
        {
            var seed = secrets.OpenSeed(drawing.SealedSeed!);
            return Convert.ToHexStringLower(SHA256.HashData(seed)) == drawing.Commitment ? (seed, null) : (null, "The server seed is not the one committed to");
        }

        var round = ((BeaconAnswer.Found)answer).Round;
        var randomness = Convert.FromHexString(round.Randomness);
        return round.Round == drawing.Round && SHA256.HashData(Convert.FromHexString(round.Signature)).AsSpan().SequenceEqual(randomness)
            ? (randomness, null)
            : (null, "The beacon's answer does not check");
    }
}
