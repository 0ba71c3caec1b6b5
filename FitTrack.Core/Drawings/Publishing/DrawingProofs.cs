using System.Buffers;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>That a ticket was in: the hashes from its leaf to the root (RFC 6962), all hex.</summary>
/// <param name="Number">1..N.</param>
/// <param name="Holder">The owner's pseudonym in this drawing.</param>
/// <param name="Path">Siblings from the leaf up.</param>
public sealed record TicketInclusion(Guid Drawing, int Number, Guid TicketId, string Holder, string Leaf, long Tickets, IReadOnlyList<string> Path, string Root, string ManifestHash);

/// <summary>Publishes what makes a drawing checkable (FTDRAW-1, step 6).</summary>
public sealed class DrawingProofs(FitTrackDbContext db, DrawingSecrets secrets)
{
    private const int FlushEvery = 64 * 1024;

    /// <summary>The bundle as JSON: manifest and tickets from the close on, entropy and picks once completed. False when there is none yet.</summary>
    /// <param name="begin">Called before the first byte, when it is sure that there will be one.</param>
    public async Task<bool> WriteAsync(Guid drawingId, IBufferWriter<byte> output, Action begin, Func<CancellationToken, Task> flush, CancellationToken ct)
    {
        var proof = await db.Set<DrawingProof>().AsNoTracking().SingleOrDefaultAsync(p => p.DrawingId == drawingId, ct);
        if (proof is null) return false;

        begin();
        var key = await db.Set<DrawKey>().AsNoTracking().SingleAsync(k => k.KeyId == proof.KeyId, ct);
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteManifest(json, proof, DrawKeys.PublicHalf(key));
        await WriteTicketsAsync(json, drawingId, flush, ct);
        if (proof.DrawnAt is not null)
        {
            WriteEntropy(json, proof);
            await WritePicksAsync(json, drawingId, ct);
        }

        json.WriteEndObject();
        await json.FlushAsync(ct);
        await flush(ct);
        return true;
    }

    /// <summary>One ticket's proof, from the close on; null when there is no such ticket or no manifest yet.</summary>
    public async Task<TicketInclusion?> FindInclusionAsync(Guid drawingId, int number, CancellationToken ct)
    {
        var proof = await db.Set<DrawingProof>().AsNoTracking().SingleOrDefaultAsync(p => p.DrawingId == drawingId, ct);
        if (proof is null || number < 1) return null;

        var block = (number - 1) / DrawingTreeBlock.Leaves;
        var (from, to) = ((block * DrawingTreeBlock.Leaves) + 1, (block + 1) * DrawingTreeBlock.Leaves);
        var rows = await TicketRoll.Rows(db, drawingId, from, to).ToListAsync(ct);
        if (rows.Find(r => r.Number == number) is not { } ticket) return null;

        var pseudonyms = await PseudonymsAsync(drawingId, [.. rows.Select(r => r.UserId).Distinct()], ct);
        var leaves = new byte[rows.Count * MerkleTree.HashLength];
        for (var i = 0; i < rows.Count; i++)
            MerkleTree.WriteLeaf(drawingId.ToString(), rows[i].Number, rows[i].TicketId.ToString(), pseudonyms.Of(rows[i].UserId), leaves.AsSpan(i * MerkleTree.HashLength));
        var nodes = await db.Set<DrawingTreeBlock>().AsNoTracking().Where(b => b.DrawingId == drawingId).OrderBy(b => b.Block).Select(b => b.Hash).ToListAsync(ct);
        var blocks = nodes.SelectMany(hash => hash).ToArray();

        var path = MerkleTree.InclusionPath(leaves, number - from).Concat(MerkleTree.InclusionPath(blocks, block));
        using var manifest = JsonDocument.Parse(proof.Manifest);
        return new TicketInclusion(
            drawingId, number, ticket.TicketId, Convert.ToHexStringLower(pseudonyms.Of(ticket.UserId)), Convert.ToHexStringLower(leaves.AsSpan((number - from) * MerkleTree.HashLength, MerkleTree.HashLength)),
            manifest.RootElement.GetProperty("tickets").GetInt64(), [.. path.Select(Convert.ToHexStringLower)], manifest.RootElement.GetProperty("root").GetString()!, proof.ManifestHash);
    }

    /// <summary>The salt of a member's pseudonym, for that member alone; null before the manifest, when it says nothing yet.</summary>
    public async Task<string?> FindSaltAsync(Guid drawingId, Guid userId, CancellationToken ct)
    {
        if (!await db.Set<DrawingProof>().AnyAsync(p => p.DrawingId == drawingId, ct) || !await db.Set<DrawingEntrant>().AnyAsync(e => e.DrawingId == drawingId && e.UserId == userId, ct)) return null;
        return Convert.ToHexStringLower((await PseudonymsAsync(drawingId, [userId], ct)).Salt(userId));
    }

    private static void WriteManifest(Utf8JsonWriter json, DrawingProof proof, DrawKeyJwk key)
    {
        json.WritePropertyName("manifest");
        json.WriteRawValue(proof.Manifest);
        json.WriteString("manifestHash", proof.ManifestHash);
        json.WriteStartObject("signature");
        json.WriteString("alg", ManifestSignature.Algorithm);
        json.WritePropertyName("jwk");
        JsonSerializer.Serialize(json, key);
        json.WriteString("value", proof.Signature);
        json.WriteEndObject();
        if (proof.TimestampToken is { } token) json.WriteBase64String("timestampToken", token);
    }

    private async Task WriteTicketsAsync(Utf8JsonWriter json, Guid drawingId, Func<CancellationToken, Task> flush, CancellationToken ct)
    {
        var pseudonyms = await PseudonymsAsync(drawingId, null, ct);
        var holders = new Dictionary<Guid, string>();
        json.WriteStartArray("tickets");
        await foreach (var ticket in TicketRoll.Rows(db, drawingId).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (!holders.TryGetValue(ticket.UserId, out var holder)) holders.Add(ticket.UserId, holder = Convert.ToHexStringLower(pseudonyms.Of(ticket.UserId)));
            json.WriteStartObject();
            json.WriteNumber("number", ticket.Number);
            json.WriteString("ticketId", ticket.TicketId);
            json.WriteString("holder", holder);
            json.WriteEndObject();
            if (json.BytesPending < FlushEvery) continue;
            await json.FlushAsync(ct);
            await flush(ct);
        }

        json.WriteEndArray();
    }

    private static void WriteEntropy(Utf8JsonWriter json, DrawingProof proof)
    {
        json.WriteStartObject("entropy");
        json.WriteString("kind", proof.ServerSeed is null ? "drand" : "commit");
        if (proof.ServerSeed is { } seed)
        {
            json.WriteString("seed", seed);
        }
        else
        {
            using var manifest = JsonDocument.Parse(proof.Manifest);
            json.WriteNumber("round", manifest.RootElement.GetProperty("round").GetInt64());
            json.WriteString("randomness", proof.Randomness);
            json.WriteString("signature", proof.BeaconSignature);
        }

        json.WriteEndObject();
    }

    private async Task WritePicksAsync(Utf8JsonWriter json, Guid drawingId, CancellationToken ct)
    {
        json.WriteStartArray("picks");
        foreach (var pick in await db.Set<DrawingPick>().AsNoTracking().Where(p => p.DrawingId == drawingId).OrderBy(p => p.Rank).ThenBy(p => p.Slot).ToListAsync(ct))
        {
            json.WriteStartObject();
            json.WriteNumber("rank", pick.Rank);
            json.WriteNumber("slot", pick.Slot);
            json.WriteNumber("counter", pick.Counter);
            json.WriteString("x", pick.X);
            json.WriteNumber("n", pick.TicketsLeft);
            json.WriteNumber("ticket", pick.TicketNumber);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task<Pseudonyms> PseudonymsAsync(Guid drawingId, IReadOnlyCollection<Guid>? among, CancellationToken ct)
    {
        var sealedSeed = await db.Set<Drawing>().Where(d => d.Id == drawingId).Select(d => d.SealedSeed).SingleAsync(ct);
        return await Pseudonyms.ReadAsync(db, secrets, drawingId, sealedSeed, among, ct);
    }
}
