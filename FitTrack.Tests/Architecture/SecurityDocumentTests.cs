using System.Text.RegularExpressions;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Architecture;

/// <summary>A test that docs/security.md names as proof is there.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public async Task Checklist_WhenItNamesATest_NamesOneThatRuns()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "security.md"), TestContext.Current.CancellationToken);
        var named = TestName().Matches(text).Select(m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).Distinct().ToList();
        Assert.True(named.Count > 30, "Too few tests are named: the test does not see the document.");
        var tests = typeof(SecurityDocumentTests).Assembly.GetTypes().Where(t => t.IsPublic && t.Name.EndsWith("Tests", StringComparison.Ordinal)).ToLookup(t => t.Name, StringComparer.Ordinal);

        var missing = named.Where(n => !tests[n.Class].Any(t => n.Method.Length == 0 || t.GetMethod(n.Method)?.IsDefined(typeof(FactAttribute), inherit: true) == true)).ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();
}
