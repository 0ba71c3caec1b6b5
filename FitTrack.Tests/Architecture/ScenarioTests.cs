using System.Reflection;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Architecture;

/// <summary>Every acceptance scenario is a test, or says in <see cref="UntestedScenarios"/> why it is not one.</summary>
public sealed class ScenarioTests
{
    private static readonly List<ScenarioAttribute> Tested =
        [.. typeof(ScenarioTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<ScenarioAttribute>())];

    /// <summary>Areas whose issue is done.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    public void Scenarios_OfADoneArea_AreTestsOrSayWhyNot(string area)
    {
        var missing = TitlesOf(area).Except(TestedIn(area)).Except(UntestedIn(area)).ToList();
        Assert.True(missing.Count == 0, "Neither a test nor a reason:\n" + string.Join('\n', missing));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    public void Scenarios_OnTestsAndInTheList_AreInTheFeatureFile(string area)
    {
        var titles = TitlesOf(area);
        Assert.NotEmpty(titles);
        Assert.Empty(TestedIn(area).Concat(UntestedIn(area)).Except(titles));
        Assert.Empty(UntestedIn(area).Intersect(TestedIn(area)));
    }

    private static List<string> TitlesOf(string area) =>
        [.. File.ReadLines(SharedFiles.Scenarios(area)).Select(line => line.Trim()).Where(line => line.StartsWith("Scenario", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())];

    private static IEnumerable<string> TestedIn(string area) => Tested.Where(s => s.Area == area).Select(s => s.Title);

    private static IEnumerable<string> UntestedIn(string area) => UntestedScenarios.All.Where(s => s.Area == area).Select(s => s.Title);
}
