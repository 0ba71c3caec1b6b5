using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

public sealed class FitTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, 12)]
    [InlineData(false, 14)]
    [InlineData(true, 12)]
    [InlineData(true, 14)]
    public void Read_ARun_HasTheNumbersOfItsSession(bool bigEndian, byte header)
    {
        var run = Decoded.One(FitBuilder.Activity(Start, bigEndian, milliseconds: 600_500, timer: 590_250).Build(header));
        Assert.Equal(("import_fit", "running", Start, 600.5, 590.25, 2000d, 145d), (run.Source, run.Sport.Code, run.StartedAt, run.ElapsedSeconds, run.MovingSeconds, run.DistanceMeters, run.AverageHeartRate));
    }

    [Fact]
    public void Read_BothByteOrdersInOneFile_AreRead()
    {
        var big = new FitBuilder(bigEndian: true).Session(Start, 2, 60_000, 60_000, 50_000, 99).Build(12)[12..^2];
        Assert.Equal(("biking", 500d), Decoded.One(new FitBuilder().FileId(4, 1, Start).Raw(big).Build()) is var ride ? (ride.Sport.Code, ride.DistanceMeters) : default);
    }

    [Fact]
    public void Read_CompressedTimesAndDeveloperFields_GoWithTheirRecords()
    {
        // Two sessions of ten minutes; the heart rates have no time of their own but five bits of it, and something of another maker's behind.
        var file = new FitBuilder().FileId(4, 1, Start).Session(Start, 1, 600_000, 600_000, 1, heartRate: 0).Session(Start.AddMinutes(10), 2, 600_000, 600_000, 1, heartRate: 255);
        file.Message(2, 20, (253, FitBuilder.UInt32, FitBuilder.Time(Start)), (3, FitBuilder.UInt8, 100));
        file.Define(3, 20, [(3, FitBuilder.UInt8)], 2, 5);
        var time = FitBuilder.Time(Start);
        for (var i = 0; i < 60; i++)
            file.Compressed(3, (byte)(time += 20), (3, FitBuilder.UInt8, i < 29 ? 100u : 160)).Raw(9, 9, 9, 9, 9, 9, 9);
        Assert.Equal([("running", 102d), ("biking", 160d)], Decoded.Workouts(file.Build()).Select(w => (w.Sport.Code, w.AverageHeartRate!.Value)));
    }

    [Fact]
    public void Read_AChain_CountsTheActivityOnceWhateverFollows()
    {
        var activity = FitBuilder.Activity(Start).Build();
        var settings = new FitBuilder().FileId(2, 1, null).Build();
        var heartRates = new FitBuilder().FileId(4, 4711, Start).Message(1, 132, (253, FitBuilder.UInt32, 1)).Build();
        Assert.Single(Decoded.Workouts([.. activity, .. settings, .. heartRates]));
        Assert.Single(Decoded.Workouts([.. activity, .. heartRates[..^1]]));
        Assert.Single(Decoded.Workouts([.. activity, 1, 2, 3]));
        Assert.Contains("not of an activity", Decoded.Refusal([.. settings, .. activity]), StringComparison.Ordinal);
        Assert.Equal(2, Decoded.Workouts([.. activity, .. FitBuilder.Activity(Start.AddHours(2)).Build()]).Count);
    }

    [Fact]
    public void Read_AFieldThatDoesNotFitItsType_HasNoValue()
    {
        var file = new FitBuilder().FileId(4, 1, Start).Raw(0x41, 0, 0, 18, 0, 3, 2, 4, FitBuilder.UInt32, 7, 4, FitBuilder.UInt32, 9, 3, FitBuilder.UInt32, 0x01).Raw(BitConverter.GetBytes(FitBuilder.Time(Start))).Raw(BitConverter.GetBytes(5000)).Raw(1, 2, 3);
        Assert.Equal((5d, (double?)null), Decoded.One(file.Build()) is var run ? (run.ElapsedSeconds, run.DistanceMeters) : default);
    }

    [Fact]
    public void Read_WhatIsDamagedOrNoActivity_SaysWhy()
    {
        var good = FitBuilder.Activity(Start).Build();
        byte[] With(int at, byte value) => [.. good[..at], value, .. good[(at + 1)..]];
        Assert.Contains("checksum is wrong", Decoded.Refusal(With(40, (byte)~good[40])), StringComparison.Ordinal);
        Assert.Contains("header is wrong", Decoded.Refusal(With(2, (byte)~good[2])), StringComparison.Ordinal);
        Assert.Contains("cut off", Decoded.Refusal(good[..^1]), StringComparison.Ordinal);
        Assert.Contains("cut off", Decoded.Refusal(With(7, 0xFF)), StringComparison.Ordinal);
        Assert.Contains("not finished", Decoded.Refusal(new FitBuilder().FileId(4, 1, Start).Build()), StringComparison.Ordinal);
        Assert.Contains("do not fit", Decoded.Refusal(new FitBuilder().FileId(4, 1, Start).Raw(0x05).Build()), StringComparison.Ordinal);
        Assert.Contains("do not fit", Decoded.Refusal(new FitBuilder().FileId(4, 1, Start).Raw(0x41, 0, 0, 18, 0, 255).Build()), StringComparison.Ordinal);
        Assert.Contains("not of an activity", Decoded.Refusal(new FitBuilder().FileId(6, 1, Start).Build()), StringComparison.Ordinal);
        Assert.Contains("1990", Decoded.Refusal(FitBuilder.Activity(new DateTimeOffset(1990, 7, 18, 0, 0, 0, TimeSpan.Zero)).Build()), StringComparison.Ordinal);
        var many = new FitBuilder().FileId(4, 1, Start).Define(2, 20, [(3, FitBuilder.UInt8)]);
        for (var i = 0; i <= 200_000; i++)
            many.Raw(2, 100);
        Assert.Contains("200,000 points", Decoded.Refusal(many.Build()), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfASession_IsOfDeviceAndFileWhereThereAreAny()
    {
        Assert.Equal(Decoded.One(FitBuilder.Activity(Start).Build()).Key, Decoded.One(FitBuilder.Activity(Start, bigEndian: true, centimeters: 9).Build()).Key);
        Assert.NotEqual(Decoded.One(FitBuilder.Activity(Start).Build()).Key, Decoded.One(FitBuilder.Activity(Start, serial: 1).Build()).Key);
        Assert.NotEqual(Decoded.One(FitBuilder.Activity(Start, serial: null).Build()).Key, Decoded.One(FitBuilder.Activity(Start.AddSeconds(1), serial: null).Build()).Key);
    }
}
