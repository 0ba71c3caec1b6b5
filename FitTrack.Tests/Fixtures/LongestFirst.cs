using FitTrack.Tests.Api.Drawings;
using FitTrack.Tests.Api.Drawings.Conservation;
using FitTrack.Tests.Data;
using FitTrack.Tests.SystemTests;
using FitTrack.Tests.Worker.Drawings;
using FitTrack.Tests.Worker.Trackers;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(FitTrack.Tests.Fixtures.LongestFirst))]

namespace FitTrack.Tests.Fixtures;

/// <summary>Collections that take minutes, most of them in other programs, begin first: at the end of a run nothing waits for one of them alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(SecondTestSite), nameof(SharedTestSite), nameof(ThirdTestSite), nameof(KilledDrawTests), nameof(SharedAppHost), nameof(AppHostStopTests),
        nameof(ConservationTests), nameof(OracleParserTests), nameof(KilledWorkerTests), nameof(BuyAndCloseTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(PlaceOf).ThenBy(c => c.UniqueID, StringComparer.Ordinal)];

    /// <summary>In the list above; behind it for all the others.</summary>
    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
