using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Drawings.Protocol;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

/// <summary>Bundles as the Api would publish them, put together from the protocol code; and ways to tamper with one, each with the step that shows it.</summary>
internal static class Bundles
{
    public static TheoryData<string, string> Tampered => new()
    {
        { "no tickets member", "bundle" },
        { "fractional round", "manifest" },
        { "unknown manifest key", "manifest" },
        { "other version", "manifest" },
        { "ranks out of order", "manifest" },
        { "other prize quantity", "manifest hash" },
        { "other manifest hash", "manifest hash" },
        { "signature of another key", "signature" },
        { "signature bytes", "signature" },
        { "unpublished key", "signature" },
        { "ticket left out", "tickets" },
        { "tickets swapped", "tickets" },
        { "ticket id twice", "tickets" },
        { "other holder", "root" },
        { "other ticket id", "root" },
        { "not drawn", "entropy" },
        { "other kind", "entropy" },
        { "other round", "entropy" },
        { "other randomness", "entropy" },
        { "other winner", "picks" },
        { "other counter", "picks" },
        { "winner left out", "picks" },
        { "winner added", "picks" },
    };

    /// <summary>The keys that are published; null where they are not at hand.</summary>
    public static string? KeysFor(string tampering) => tampering == "unpublished key" ? """{"keys":[]}""" : null;

    /// <param name="b">Of <see cref="OfVector"/>.</param>
    /// <param name="tampering">One of <see cref="Tampered"/>.</param>
    public static void Tamper(JsonObject b, string tampering)
    {
        JsonObject Ticket(int i) => b["tickets"]![i]!.AsObject();
        JsonObject PickAt(int i) => b["picks"]![i]!.AsObject();
        switch (tampering)
        {
            case "no tickets member": b.Remove("tickets"); break;
            case "fractional round": b["manifest"]!["round"] = 1.5; break;
            case "unknown manifest key": b["manifest"]!["note"] = "x"; break;
            case "other version": b["manifest"]!["v"] = 2; break;
            case "ranks out of order": b["manifest"]!["prizes"] = new JsonArray(new JsonArray(2, 2), new JsonArray(1, 1)); break;
            case "other prize quantity": b["manifest"]!["prizes"]![1]![1] = 3; break;
            case "other manifest hash": b["manifestHash"] = new string('0', 64); break;
            case "signature of another key": b["signature"]!["jwk"] = OfVector()["signature"]!["jwk"]!.DeepClone(); break;
            case "signature bytes": b["signature"]!["value"] = new string('A', 86); break;
            case "unpublished key": break;
            case "ticket left out": b["tickets"]!.AsArray().RemoveAt(6); break;
            case "tickets swapped":
                (Ticket(0)["number"], Ticket(1)["number"]) = (2, 1);
                break;
            case "ticket id twice": Ticket(1)["ticketId"] = "t001"; break;
            case "other holder": Ticket(1)["holder"] = Ticket(2)["holder"]!.GetValue<string>(); break;
            case "other ticket id": Ticket(1)["ticketId"] = "t00x"; break;
            case "not drawn":
                b.Remove("entropy");
                b.Remove("picks");
                break;
            case "other kind": b["entropy"]!["kind"] = "commit"; break;
            case "other round": b["entropy"]!["round"] = PublishedVector.Round + 1; break;
            case "other randomness": b["entropy"]!["randomness"] = new string('1', 64); break;
            case "other winner": PickAt(0)["ticket"] = 2; break;
            case "other counter": PickAt(0)["counter"] = 1; break;
            case "winner left out": b["picks"]!.AsArray().RemoveAt(2); break;
            case "winner added": b["picks"]!.AsArray().Add(PickAt(2).DeepClone()); break;
            default: throw new ArgumentOutOfRangeException(nameof(tampering), tampering, "Unknown tampering.");
        }
    }

    public static JsonObject OfVector()
    {
        var seed = DrawSeed.Derive(PublishedVector.Chain, PublishedVector.Round, Convert.FromHexString(PublishedVector.Randomness), Convert.FromHexString(PublishedVector.ManifestHash));
        var picks = Selection.Run(seed, PublishedVector.Prizes, 0, PublishedVector.HolderOfTicket);
        var entropy = new JsonObject
        {
            ["kind"] = "drand",
            ["round"] = PublishedVector.Round,
            ["randomness"] = PublishedVector.Randomness,
            ["signature"] = PublishedVector.BeaconSignature,
        };
        var tickets = Enumerable.Range(1, 7).Select(n => (PublishedVector.TicketId(n), PublishedVector.Holder(n)));
        return Of(PublishedVector.Manifest(), tickets, entropy, picks);
    }

    public static JsonObject Of(string drawing, string[] owners, PrizeSlots[] prizes, int alternates, byte[] serverSeed)
    {
        var tickets = owners.Select((owner, i) => ($"ticket-{i}", Pseudonym.Holder(Pseudonym.CommittedSalt(serverSeed, owner), owner))).ToList();
        var leaves = new byte[owners.Length * MerkleTree.HashLength];
        for (var i = 0; i < owners.Length; i++) MerkleTree.WriteLeaf(drawing, i + 1, tickets[i].Item1, tickets[i].Item2, leaves.AsSpan(i * MerkleTree.HashLength));
        var manifest = new Manifest(
            drawing, "", 0, Convert.ToHexStringLower(SHA256.HashData(serverSeed)), prizes, alternates, owners.Length, Convert.ToHexStringLower(MerkleTree.Root(leaves)), new string('a', 64));
        var seed = DrawSeed.Derive("", 0, serverSeed, Manifest.Hash(manifest.ToCanonicalJson()));
        var names = owners.Distinct().ToList();
        var picks = Selection.Run(seed, prizes, alternates, [.. owners.Select(o => names.IndexOf(o))]);
        return Of(manifest, tickets, new JsonObject { ["kind"] = "commit", ["seed"] = Convert.ToHexStringLower(serverSeed) }, picks);
    }

    private static JsonObject Of(Manifest manifest, IEnumerable<(string Id, byte[] Holder)> tickets, JsonObject entropy, IEnumerable<Pick> picks)
    {
        using var key = ManifestSignature.NewKey();
        var json = manifest.ToCanonicalJson();
        return new JsonObject
        {
            ["manifest"] = JsonNode.Parse(Encoding.UTF8.GetString(json)),
            ["manifestHash"] = Convert.ToHexStringLower(Manifest.Hash(json)),
            ["signature"] = new JsonObject { ["alg"] = "ES256", ["jwk"] = JsonSerializer.SerializeToNode(ManifestSignature.PublicKey(key, "k1")), ["value"] = ManifestSignature.Sign(key, json) },
            ["tickets"] = new JsonArray([.. tickets.Select((t, i) => new JsonObject { ["number"] = i + 1, ["ticketId"] = t.Id, ["holder"] = Convert.ToHexStringLower(t.Holder) })]),
            ["entropy"] = entropy,
            ["picks"] = new JsonArray([.. picks.Select(p => new JsonObject { ["rank"] = p.Rank, ["slot"] = p.Slot, ["counter"] = p.Counter, ["x"] = p.X.ToString(), ["n"] = p.N, ["ticket"] = p.TicketNumber })]),
        };
    }
}
