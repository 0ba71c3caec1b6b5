using Xunit.v3;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// Says which acceptance scenario a test is, in the words of <c>../shared/scenarios/{area}-*.feature</c>; a trait, so that
/// <c>dotnet test --filter "Scenario=1: Basic health check confirms app is running"</c> runs it. A scenario may have several tests.
/// </summary>
/// <param name="area">The feature file's number, 1 to 6.</param>
/// <param name="title">The scenario's title, word for word.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ScenarioAttribute(string area, string title) : Attribute, ITraitAttribute
{
    public string Area => area;

    public string Title => title;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Scenario", $"{area}: {title}")];
}
