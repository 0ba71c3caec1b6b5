using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(FitTrack.Tests.Fixtures.LongestFirst))]

namespace FitTrack.Tests.Fixtures;

/// <summary>Collections that take minutes, most of them in other programs, begin first: at the end of a run nothing waits for one of them alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(SecondTestSite), nameof(SharedTestSite), nameof(SharedAppHost), nameof(SystemTests.AppHostStopTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(c => IsLong(c)).ThenBy(c => c.UniqueID, StringComparer.Ordinal)];

    private static bool IsLong(ITestCollection collection) => Array.Exists(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
}
