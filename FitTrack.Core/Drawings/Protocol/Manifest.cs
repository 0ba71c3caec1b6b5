using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>A prize as the manifest names it: its rank (1 or more, unique in the drawing) and how many are given.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PrizeSlots(uint Rank, int Quantity);

/// <summary>
/// What a drawing is bound to before its entropy is known (FTDRAW-1, step 2). Its canonical JSON is what is hashed and signed:
/// UTF-8, keys sorted, no spaces, integers only.
/// </summary>
/// <param name="Drawing">Drawing id, lower-case text.</param>
/// <param name="Chain">Chain hash of the beacon in hex; "" in `commit` drawings.</param>
/// <param name="Round">Beacon round; 0 in `commit` drawings.</param>
/// <param name="Commitment">H(server seed) in hex; null in `drand` drawings.</param>
/// <param name="Prizes">Ascending by rank.</param>
/// <param name="Alternates">How many alternates are drawn after the prizes.</param>
/// <param name="Tickets">Number of tickets, N.</param>
/// <param name="Root">Root of the ticket tree in hex.</param>
/// <param name="Rules">H of the published rules and prize text in hex.</param>
internal sealed record Manifest(
    string Drawing,
    string Chain,
    long Round,
    string? Commitment,
    IReadOnlyList<PrizeSlots> Prizes,
    int Alternates,
    long Tickets,
    string Root,
    string? Rules)
{
    public const int Version = 1;

    private static readonly JsonWriterOptions Canonical = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] ToCanonicalJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Canonical)) WriteTo(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>H(manifest) of canonical bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> canonicalJson) => SHA256.HashData(canonicalJson);

    private void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Alternates > 0) json.WriteNumber("alternates", Alternates);
        json.WriteString("chain", Chain);
        if (Commitment is not null) json.WriteString("commitment", Commitment);
        json.WriteString("drawing", Drawing);
        json.WriteStartArray("prizes");
        foreach (var (rank, quantity) in Prizes)
        {
            json.WriteStartArray();
            json.WriteNumberValue(rank);
            json.WriteNumberValue(quantity);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString("root", Root);
        json.WriteNumber("round", Round);
        if (Rules is not null) json.WriteString("rules", Rules);
        json.WriteNumber("tickets", Tickets);
        json.WriteNumber("v", Version);
        json.WriteEndObject();
    }
}
