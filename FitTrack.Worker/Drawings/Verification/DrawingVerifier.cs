using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>
/// Checks a drawing's bundle from what it publishes alone. Written from the FTDRAW-1 page and sharing no code with the draw, so that a
/// mistake there cannot hide here.
/// </summary>
internal sealed class DrawingVerifier
{
    private static readonly string[] ManifestKeys = ["alternates", "chain", "commitment", "drawing", "prizes", "root", "round", "rules", "tickets", "v"];

    /// <summary>drand's quicknet, whose round R is given at genesis + (R - 1) · period.</summary>
    private const string Quicknet = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
    private const long QuicknetGenesis = 1_692_803_367;
    private const long QuicknetPeriod = 3;

    private readonly JsonElement _bundle;
    private readonly JsonElement? _publishedKeys;
    private readonly X509Certificate2Collection? _timestampRoots;
    private readonly List<string> _findings = [];
    private readonly List<string> _reasons = [];
    private byte[] _manifestHash = [];

    private DrawingVerifier(JsonElement bundle, JsonElement? publishedKeys, X509Certificate2Collection? timestampRoots) =>
        (_bundle, _publishedKeys, _timestampRoots) = (bundle, publishedKeys, timestampRoots);

    /// <param name="publishedKeys">The list at /.well-known/draw-keys.json, to which the bundle's key must belong; null when it is not at hand.</param>
    /// <param name="timestampRoots">The certificates that time-stamp authorities must descend from; null for those that this system trusts.</param>
    public static Verdict Verify(JsonElement bundle, JsonElement? publishedKeys, X509Certificate2Collection? timestampRoots = null)
    {
        var verifier = new DrawingVerifier(bundle, publishedKeys, timestampRoots);
        try
        {
            verifier.Run();
            return new Verdict(verifier._reasons.Count == 0 ? Outcome.Valid : Outcome.NotIndependent, null, verifier._reasons, verifier._findings);
        }
        catch (StepFailedException e)
        {
            return new Verdict(Outcome.Invalid, e.Step, [e.Message], verifier._findings);
        }
    }

    private void Run()
    {
        var manifest = _bundle.Member("manifest", JsonValueKind.Object);
        CheckManifest(manifest);
        CheckSignature(_bundle.Member("signature", JsonValueKind.Object), CanonicalJson.Of(manifest));
        var holders = CheckTickets(manifest);
        var seed = CheckEntropy(manifest);
        CheckTimestamp(manifest);
        CheckPicks(manifest, seed, holders);
    }

    private void CheckManifest(JsonElement manifest)
    {
        var names = manifest.EnumerateObject().Select(m => m.Name).ToList();
        Demand("manifest", names.Distinct(StringComparer.Ordinal).Count() == names.Count, "a key is there twice");
        Demand("manifest", names.Find(n => !ManifestKeys.Contains(n)) is not { } unknown, $"'{names.Find(n => !ManifestKeys.Contains(n))}' does not belong there");
        Demand("manifest", manifest.Number("v") == 1, "its version is not 1");
        var ranks = PrizesOf(manifest).Select(p => p.Rank).ToList();
        Demand("manifest", ranks.Zip(ranks.Skip(1)).All(pair => pair.First < pair.Second), "prize ranks must ascend and be unique");

        _manifestHash = SHA256.HashData(CanonicalJson.Of(manifest));
        Demand("manifest hash", _manifestHash.AsSpan().SequenceEqual(_bundle.Hex("manifestHash", 32)), "the manifest does not hash to 'manifestHash'");
        _findings.Add($"manifest: H = {Convert.ToHexStringLower(_manifestHash)}, the value that participants were mailed when sales closed");
    }

    private void CheckSignature(JsonElement signature, byte[] manifest)
    {
        var jwk = signature.Member("jwk", JsonValueKind.Object);
        Demand("signature", signature.Text("alg") == "ES256" && jwk.Text("kty") == "EC" && jwk.Text("crv") == "P-256", "it is not ES256");
        Demand("signature", Verifies(jwk, manifest, signature.Text("value")), "it does not verify with the bundle's key");
        if (_publishedKeys is not { } published)
        {
            _findings.Add("signature: verifies with the bundle's key, which was not compared with /.well-known/draw-keys.json (--keys does)");
            return;
        }

        var isPublished = published.Member("keys", JsonValueKind.Array).EnumerateArray().Any(key => key.Text("x") == jwk.Text("x") && key.Text("y") == jwk.Text("y"));
        Demand("signature", isPublished, "its key is not among the published ones");
        _findings.Add("signature: verifies with a published key");
    }

    /// <summary>The holder of each ticket, in number order.</summary>
    private List<string> CheckTickets(JsonElement manifest)
    {
        var (drawing, list) = (manifest.Text("drawing"), _bundle.Member("tickets", JsonValueKind.Array));
        Demand("tickets", list.GetArrayLength() == manifest.Number("tickets"), "there are not as many as the manifest says");
        var (holders, leaves, ids) = (new List<string>(), new List<byte[]>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var ticket in list.EnumerateArray())
        {
            var (number, id) = (ticket.Number("number"), ticket.Text("ticketId"));
            Demand("tickets", number == holders.Count + 1, $"number {number} is out of order");
            Demand("tickets", ids.Add(id), $"ticket {id} is there twice");
            leaves.Add(TicketTree.Leaf(drawing, number, id, ticket.Hex("holder", 32)));
            holders.Add(ticket.Text("holder"));
        }

        Demand("root", TicketTree.Root(leaves).AsSpan().SequenceEqual(BundleFile.HexOf(manifest.Text("root"), "root", 32)), "the tickets do not give the manifest's root");
        _findings.Add($"tickets: {holders.Count} of {holders.Distinct(StringComparer.Ordinal).Count()} holders give the manifest's root");
        return holders;
    }

    /// <summary>The seed of the picks.</summary>
    private byte[] CheckEntropy(JsonElement manifest)
    {
        Demand("entropy", _bundle.TryGetProperty("entropy", out _), "the drawing has not been drawn yet");
        var (entropy, chain, round) = (_bundle.Member("entropy", JsonValueKind.Object), manifest.Text("chain"), manifest.Number("round"));
        var kind = entropy.Text("kind");
        Demand("entropy", kind == (manifest.TryGetProperty("commitment", out _) ? "commit" : "drand"), "its kind is not the manifest's");
        var (chainBytes, chance) = kind == "commit" ? CheckCommitment(manifest, entropy, chain, round) : CheckBeacon(entropy, chain, round);
        return SHA256.HashData([.. "FTDRAW1/seed"u8, .. chainBytes, .. TicketTree.BigEndian(round, 8), .. chance, .. _manifestHash]);
    }

    private (byte[] Chain, byte[] Chance) CheckCommitment(JsonElement manifest, JsonElement entropy, string chain, long round)
    {
        Demand("entropy", chain.Length == 0 && round == 0, "a commit drawing has neither chain nor round");
        var seed = entropy.Hex("seed", 32);
        Demand("entropy", SHA256.HashData(seed).AsSpan().SequenceEqual(manifest.Hex("commitment", 32)), "the revealed seed is not the one committed to");
        _findings.Add("entropy: the revealed seed is the one committed to");
        _reasons.Add("commit drawing: whoever held the server seed and could add tickets could choose the winner");
        return (new byte[32], seed);
    }

    private (byte[] Chain, byte[] Chance) CheckBeacon(JsonElement entropy, string chain, long round)
    {
        Demand("entropy", entropy.Number("round") == round, "the round is not the manifest's");
        var randomness = entropy.Hex("randomness", 32);
        Demand("entropy", SHA256.HashData(entropy.Hex("signature")).AsSpan().SequenceEqual(randomness), "the randomness is not the hash of the beacon's signature");
        _findings.Add($"entropy: the randomness is the hash of the signature given for round {round}");
        _reasons.Add("beacon signature not authenticated: no BLS12-381 library is at hand here; compare round, randomness and signature with the beacon's own answer");
        return (BundleFile.HexOf(chain, "chain", 32), randomness);
    }

    private void CheckTimestamp(JsonElement manifest)
    {
        if (!_bundle.TryGetProperty("timestampToken", out _))
        {
            _reasons.Add("commitment time unproven: there is no time-stamp token over the manifest");
            return;
        }

        var isBase64 = _bundle.Member("timestampToken", JsonValueKind.String).TryGetBytesFromBase64(out var token);
        Demand("timestamp", isBase64, "'timestampToken' is not base64");
        var stamp = TimestampCheck.Run(token!, _manifestHash, _timestampRoots);
        _findings.Add($"timestamp: {stamp.Authority} signed that the manifest was there at {stamp.Time.UtcDateTime:u}");
        if (DoubtOf(stamp, manifest.Text("chain"), manifest.Number("round")) is { } doubt) _reasons.Add($"commitment time unproven: {doubt}");
    }

    /// <summary>Why a token does not prove that the manifest was there before the chance was known; null when it does.</summary>
    private static string? DoubtOf(Timestamp stamp, string chain, long round)
    {
        if (!stamp.IsTrusted) return "the authority that signed the time-stamp token is not among those trusted here (--tsa-roots names others)";
        if (chain.Length == 0) return null;
        if (chain != Quicknet) return "when this beacon gives its rounds is not known here; compare it with the token's time";
        var given = ((stamp.Time.ToUnixTimeSeconds() - QuicknetGenesis) / QuicknetPeriod) + 1;
        return given < round ? null : "the time-stamp token is not older than the beacon's round";
    }

    private void CheckPicks(JsonElement manifest, byte[] seed, List<string> holders)
    {
        var alternates = manifest.TryGetProperty("alternates", out _) ? manifest.Number("alternates") : 0;
        var expected = PickSequence.Recompute(seed, PrizesOf(manifest), alternates, holders).ToList();
        var given = _bundle.Member("picks", JsonValueKind.Array).EnumerateArray().Select(PickSequence.Read).ToList();
        for (var i = 0; i < Math.Min(expected.Count, given.Count); i++)
            Demand("picks", expected[i] == given[i], $"place {i + 1} must be {expected[i]}, but is {given[i]}");
        Demand("picks", expected.Count == given.Count, $"there must be {expected.Count}, but there are {given.Count}");
        var shown = expected.Where(p => p.Rank != PickSequence.Alternates).Select(p => $"prize {p.Rank} to ticket {p.Ticket}");
        _findings.Add($"picks: {string.Join(", ", shown.DefaultIfEmpty("none"))}");
    }

    private static List<(long Rank, long Quantity)> PrizesOf(JsonElement manifest) => [.. manifest.Member("prizes", JsonValueKind.Array).EnumerateArray().Select(pair =>
    {
        Demand("manifest", pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair.EnumerateArray().All(n => n.TryGetUInt32(out _)), "prizes are pairs of rank and quantity");
        return (pair[0].GetInt64(), pair[1].GetInt64());
    })];

    private static bool Verifies(JsonElement jwk, byte[] manifest, string signature)
    {
        try
        {
            var point = new ECPoint { X = Base64Url.DecodeFromChars(jwk.Text("x")), Y = Base64Url.DecodeFromChars(jwk.Text("y")) };
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            return key.VerifyData(manifest, Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private static void Demand(string step, bool holds, string reason)
    {
        if (!holds) throw new StepFailedException(step, reason);
    }
}
