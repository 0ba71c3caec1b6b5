using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Worker.Drawings.Verification;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class DrawingVerifierTests
{
    [Fact]
    public void Verify_ThePublishedVector_IsRecomputedButNotIndependent()
    {
        var verdict = Verify(Bundles.OfVector());

        Assert.Equal((Outcome.NotIndependent, "recomputed, but not independent"), (verdict.Outcome, verdict.Summary));
        Assert.Equal(2, (int)verdict.Outcome);
        Assert.Contains(verdict.Reasons, r => r.StartsWith("beacon signature not authenticated", StringComparison.Ordinal));
        Assert.Contains(verdict.Reasons, r => r.StartsWith("commitment time unproven", StringComparison.Ordinal));
        Assert.Contains("picks: prize 1 to ticket 1, prize 2 to ticket 3, prize 2 to ticket 7", verdict.Findings);
    }

    [Fact]
    public void Verify_AManifestWithSpacesAndKeysInAnyOrder_IsHashedInItsCanonicalForm()
    {
        var bundle = Bundles.OfVector();
        bundle["manifest"] = new JsonObject(bundle["manifest"]!.AsObject().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));

        Assert.Equal(Outcome.NotIndependent, Verify(bundle, indented: true).Outcome);
    }

    [Theory, MemberData(nameof(Bundles.Tampered), MemberType = typeof(Bundles))]
    public void Verify_ATamperedBundle_IsInvalidAtTheStepThatShowsIt(string tampering, string step)
    {
        var bundle = Bundles.OfVector();
        Bundles.Tamper(bundle, tampering);

        var verdict = Verify(bundle, publishedKeys: Bundles.KeysFor(tampering));

        Assert.Equal((Outcome.Invalid, step), (verdict.Outcome, verdict.FailedStep));
        Assert.NotEmpty(Assert.Single(verdict.Reasons));
    }

    [Fact]
    public void Verify_ManyRandomDrawings_AgreesWithTheDraw()
    {
        var random = new Random(5);
        for (var run = 0; run < 40; run++)
        {
            var owners = Enumerable.Range(0, random.Next(0, 90)).Select(_ => $"member-{random.Next(0, 25)}").ToArray();
            PrizeSlots[] prizes = [new(1, 1), new(2, random.Next(1, 4)), new(9, random.Next(1, 12))];

            var verdict = Verify(Bundles.Of("drw", owners, prizes, alternates: random.Next(0, 4), serverSeed: RandomNumberGenerator.GetBytes(32)));

            Assert.True(verdict.Outcome == Outcome.NotIndependent, $"{verdict.Summary}: {string.Join("; ", verdict.Reasons)}");
            Assert.Contains(verdict.Reasons, r => r.StartsWith("commit drawing", StringComparison.Ordinal));
        }
    }

    private static Verdict Verify(JsonObject bundle, bool indented = false, string? publishedKeys = null)
    {
        var text = bundle.ToJsonString(new JsonSerializerOptions { WriteIndented = indented });
        return DrawingVerifier.Verify(JsonElement.Parse(text), publishedKeys is null ? null : JsonElement.Parse(publishedKeys));
    }
}
