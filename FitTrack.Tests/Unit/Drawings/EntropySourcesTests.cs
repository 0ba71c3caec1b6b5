using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Running;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class EntropySourcesTests
{
    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Production", true, true)]
    [InlineData("Development", null, true)]
    [InlineData("Development", false, false)]
    public void Problem_OfCommitEntropy_DependsOnEnvironmentAndOption(string environment, bool? allowed, bool expected)
    {
        var sources = Sources(environment, allowed);

        Assert.Equal(expected, sources.Problem(EntropyKind.Commit) is null);
        Assert.Equal(expected ? EntropyKind.Commit : EntropyKind.Drand, sources.Default);
    }

    [Fact]
    public void Default_WithABeacon_IsTheBeacon()
    {
        var sources = Sources("Development", allowCommit: null, "https://one.example", "https://two.example");

        Assert.Equal(EntropyKind.Drand, sources.Default);
        Assert.Null(sources.Problem(EntropyKind.Drand));
        Assert.NotNull(Sources("Production", allowCommit: null).Problem(EntropyKind.Drand));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(-10, 1)]
    public void RoundAtOrAfter_IsTheFirstRoundAtOrAfterTheTime(int secondsAfterGenesis, long round)
    {
        var beacon = new BeaconOptions();
        var time = DateTimeOffset.FromUnixTimeSeconds(beacon.GenesisSeconds + secondsAfterGenesis);

        Assert.Equal(round, beacon.RoundAtOrAfter(time));
        Assert.True(beacon.TimeOf(round) >= time);
    }

    private static EntropySources Sources(string environment, bool? allowCommit, params string[] mirrors)
    {
        var options = Options.Create(new DrawingOptions { AllowCommit = allowCommit });
        foreach (var mirror in mirrors) options.Value.Beacon.Mirrors.Add(new Uri(mirror));
        return new EntropySources(null!, new DrandBeacon(new HttpClient(), options, TimeProvider.System, NullLogger<DrandBeacon>.Instance), new SomeEnvironment(environment), options);
    }
}
