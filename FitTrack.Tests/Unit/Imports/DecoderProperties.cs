using FitTrack.Core.Imports;
using FitTrack.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

/// <summary>However a file is damaged, it is read or refused: no other exception, no number that is none, and no endless loop (1,000 damaged files each).</summary>
public sealed class DecoderProperties
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly DateTimeOffset Start = new(2026, 11, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, byte[]> Samples = new(StringComparer.Ordinal)
    {
        ["gpx"] = SampleFiles.Bytes(SampleFiles.Gpx(heartRate: "<gpxtpx:hr>{0}</gpxtpx:hr>")),
        ["tcx"] = SampleFiles.Bytes(SampleFiles.Tcx(SampleFiles.TcxActivity(Start, heartRate: 140, points: "<Trackpoint><Time>2026-11-10T12:05:00Z</Time></Trackpoint>"))),
        ["fit"] = Fit(),
        ["mmf"] = SampleFiles.Bytes(SampleFiles.MapMyFitness(SampleFiles.MapMyFitnessRow("Jan. 5, 2024"), SampleFiles.MapMyFitnessRow("17-May-15", distance: "0", seconds: "0"))),
        ["strava"] = SampleFiles.Bytes(SampleFiles.Strava("12345,\"Aug 14, 2023, 11:59:20 AM\",Ride,Ride,3600,25.5,FALSE,3600.0,3000.0,25512.3,141.6,x")),
        ["zip"] = Zips.Make([("a.gpx", SampleFiles.Bytes(SampleFiles.Gpx())), ("b.fit.gz", SampleFiles.GZip(Fit()))]),
        ["gz"] = SampleFiles.GZip(SampleFiles.Bytes(SampleFiles.Gpx())),
    };

    public static TheoryData<string> Kinds => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_DamagedFiles_ReadsThemOrRefusesThem(string kind) =>
        Check.One(Config, Prop.ForAll(Damages(Samples[kind].Length), damages => IsReadOrRefused(damages.Aggregate(Samples[kind], (file, damage) => damage.On(file)))));

    /// <summary>The checksum would keep nearly every damage from the decoder: this one is right again after it.</summary>
    [Fact]
    public void Read_DamagedFitWithARightChecksum_ReadsItOrRefusesIt() =>
        Check.One(Config, Prop.ForAll(Damages(Samples["fit"].Length), damages => IsReadOrRefused(Resigned(damages.Aggregate(Samples["fit"], (file, damage) => damage.On(file))))));

    [Fact]
    public void Read_RealFilesDamaged_ReadsThemOrRefusesThem()
    {
        var random = new Random(4711);
        foreach (var path in new[] { "fit", "gpx", "tcx", "csv" }.SelectMany(folder => Directory.EnumerateFiles(SharedFiles.Path(folder))).Where(path => new FileInfo(path).Length < 60_000))
        {
            var content = File.ReadAllBytes(path);
            for (var i = 0; i < 5; i++)
            {
                var damaged = (byte[])content.Clone();
                for (var flips = random.Next(1, 20); flips > 0; flips--)
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                Assert.True(IsReadOrRefused(damaged) && IsReadOrRefused(content[..random.Next(content.Length)]), path);
            }
        }
    }

    private static bool IsReadOrRefused(byte[] file)
    {
        try
        {
            return ImportedFile.Read(file, "file", Decoded.Now).All(item => item.Workout is not { } w
                ? item.Refusal is not null
                : double.IsFinite(w.ElapsedSeconds) && w.ElapsedSeconds >= 0 && IsMeasure(w.DistanceMeters) && IsMeasure(w.AverageHeartRate) && IsMeasure(w.MovingSeconds) && w.LengthSeconds >= 0
                    && w.EndedAt <= Decoded.Now.AddMinutes(6) && w.Key.Length <= 80);
        }
        catch (RefusedFileException refusal)
        {
            return refusal.Message.Length is > 0 and <= 500;
        }
    }

    private static bool IsMeasure(double? value) => value is null or (>= 0 and < 1e8);

    private static byte[] Fit()
    {
        var file = FitBuilder.Activity(Start).Message(2, 20, (253, FitBuilder.UInt32, FitBuilder.Time(Start)), (3, FitBuilder.UInt8, 120)).Define(3, 20, [(3, FitBuilder.UInt8)], 2);
        return file.Compressed(3, 7, (3, FitBuilder.UInt8, 130)).Raw(1, 2).Build();
    }

    private static byte[] Resigned(byte[] file)
    {
        if (file.Length < 17)
            return file;
        BitConverter.TryWriteBytes(file.AsSpan(4), file.Length - 16);
        file[0] = 14;
        BitConverter.TryWriteBytes(file.AsSpan(12), FitBuilder.Crc(file.AsSpan(0, 12)));
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - 2), FitBuilder.Crc(file.AsSpan(0, file.Length - 2)));
        return file;
    }

    private static Arbitrary<Damage[]> Damages(int length) => Gen.ArrayOf(
        from kind in Gen.Choose(0, 9)
        from at in Gen.Choose(0, length - 1)
        from value in Gen.Choose(0, 255)
        select new Damage(kind, at, (byte)value)).Where(d => d.Length > 0).ToArbitrary();

    /// <summary>Mostly a changed bit; now and then a byte, a cut, a hole or a repetition.</summary>
    private sealed record Damage(int Kind, int At, byte Value)
    {
        public byte[] On(byte[] file)
        {
            var at = file.Length == 0 ? 0 : At % file.Length;
            var copy = (byte[])file.Clone();
            switch (Kind)
            {
                case 0:
                    return file[..at];
                case 1:
                    return [.. file[..at], .. file[Math.Min(file.Length, at + Value)..]];
                case 2:
                    return [.. file[..at], .. file[at..Math.Min(file.Length, at + Value)], .. file[at..]];
                case 3 or 4 when copy.Length > 0:
                    copy[at] = Value;
                    return copy;
                default:
                    if (copy.Length > 0)
                        copy[at] ^= (byte)(1 << (Value % 8));
                    return copy;
            }
        }
    }
}
