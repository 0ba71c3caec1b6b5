using System.Text;
using FitTrack.Core.Imports;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

/// <summary>Files made to hurt: each is refused with a reason, and none takes more memory than its own size says.</summary>
public sealed class HostileFileTests
{
    private const int Large = 20 * 1024 * 1024;

    [Theory]
    [InlineData("<!DOCTYPE gpx [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><gpx>&b;</gpx>")]
    [InlineData("<!DOCTYPE gpx SYSTEM \"http://127.0.0.1:1/x.dtd\"><gpx/>")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><gpx><trk><name>&x;</name></trk></gpx>")]
    public void Xml_WithADocumentType_IsRefused(string text) => Assert.Contains("DTD", Decoded.Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void Xml_WithoutMeasure_IsRefused()
    {
        Assert.Contains("nested too deeply", Decoded.Refusal("<gpx>" + string.Concat(Enumerable.Repeat("<a>", 1_000_000))), StringComparison.Ordinal);
        Assert.Contains("without an end", Decoded.Refusal("<gpx><trk a=\"" + new string('x', Large)), StringComparison.Ordinal);
        Assert.Contains("different names", Decoded.Refusal("<gpx><trk " + Many(i => $"a{i}=\">\" ", Large)), StringComparison.Ordinal);
        Assert.Contains("without an end", Decoded.Refusal("<gpx><trk><name>" + new string('x', Large)), StringComparison.Ordinal);
        Assert.Contains("without an end", Decoded.Refusal("<gpx><trk><name><![CDATA[" + new string('<', Large)), StringComparison.Ordinal);
        Assert.Contains("without an end", Decoded.Refusal("<gpx><!--" + new string('<', Large)), StringComparison.Ordinal);
        Assert.Contains("different names", Decoded.Refusal("<gpx>" + Many(i => $"<n{i}/>", Large) + "</gpx>"), StringComparison.Ordinal);
        Assert.Contains("none of GPX", Decoded.Refusal(string.Concat(Enumerable.Repeat("<!--", 10_000))), StringComparison.Ordinal);
        Assert.Contains("no track points", Decoded.Refusal(string.Concat(Enumerable.Repeat("<!-- <x> -->", 100)) + "<gpx></gpx>"), StringComparison.Ordinal);
        Assert.Contains("not well-formed", Decoded.Refusal("<gpx><trk></gpx>"), StringComparison.Ordinal);
        Assert.Contains("encoding", Decoded.Refusal("<?xml version=\"1.0\" encoding=\"klingon\"?><gpx/>"), StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_ThatExplode_AreRefused()
    {
        var zeros = new byte[ImportBatch.MaxBytes + 1];
        Assert.Contains("larger than 25 MB", Decoded.Refusal(Zips.Make([("run.gpx", zeros)])), StringComparison.Ordinal);
        Assert.Contains("larger than 25 MB", Decoded.Refusal(SampleFiles.GZip(zeros)), StringComparison.Ordinal);
        // Each below the limit of one, all of them together above that of an archive.
        var much = Zips.Make(Enumerable.Range(0, 11).Select(i => ($"{i}.gpx", zeros[..^1])));
        Assert.Contains("256 MB", Decoded.Refusal(much), StringComparison.Ordinal);
        Assert.Contains("10,000 files", Decoded.Refusal([.. "PK\u0003\u0004"u8, .. Enumerable.Repeat("PK\u0001\u0002"u8.ToArray(), 10_001).SelectMany(b => b)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_OfArchivesOrOfNothing_AreRefused()
    {
        var run = SampleFiles.Bytes(SampleFiles.Gpx());
        Assert.Contains("archive in an archive", Decoded.Refusal(Zips.Make([("a.gpx", Zips.Make([("b.gpx", run)]))])), StringComparison.Ordinal);
        Assert.Contains("archive in an archive", Decoded.Refusal(SampleFiles.GZip(SampleFiles.GZip(run))), StringComparison.Ordinal);
        Assert.Contains("holds no GPX", Decoded.Refusal(Zips.Make([("photo.jpg", run)])), StringComparison.Ordinal);
        Assert.Contains("damaged", Decoded.Refusal([.. Zips.Make([("a.gpx", run)])[..^30]]), StringComparison.Ordinal);
        Assert.Contains("damaged", Decoded.Refusal([0x1F, 0x8B, 8, .. Enumerable.Repeat((byte)0xEE, 100)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_OfRecordings_AreReadWithTheListFirst()
    {
        var items = Decoded.Items(Zips.Make([
            ("activities/1.gpx", SampleFiles.Bytes(SampleFiles.Gpx())), ("activities/2.fit.gz", SampleFiles.GZip(FitBuilder.Activity(SampleFiles.Start).Build())),
            ("activities.csv", SampleFiles.Bytes(SampleFiles.Strava("7,\"Nov 1, 2026, 1:00:00 PM\",Run,Run,60,0.1,false,60,60,100,,"))), ("profile.csv", "a,b"u8.ToArray()), ("media/x.jpg", [1])]));
        Assert.Equal(["import_strava", null, "import_gpx", "import_fit"], items.Select(i => i.Workout?.Source));
        Assert.Equal(("profile.csv", true), (items[1].Name, items[1].Refusal!.StartsWith("It is none of", StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_WithControlCharactersOrWithoutEnd_BecomeOneShortLine()
    {
        var evil = "a\u0000b\r\n\u001b[31m" + new string('x', 400) + "\ud83d\ude00";
        var item = Assert.Single(Decoded.Items(Zips.Make([(evil.Replace("\u0000", "", StringComparison.Ordinal) + ".gpx", "<html/>"u8.ToArray())])));
        Assert.True(item.Name.Length <= 300 && !item.Name.Any(char.IsControl), item.Name);
    }

    private static string Many(Func<int, string> part, int length)
    {
        var text = new StringBuilder(length + 32);
        for (var i = 0; text.Length < length; i++)
            text.Append(part(i));
        return text.ToString();
    }
}
