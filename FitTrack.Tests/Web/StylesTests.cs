using System.Text.RegularExpressions;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>The page that can be saved has its colours in its own sheet, and they are the site's.</summary>
public sealed partial class StylesTests
{
    [Fact]
    public void Tokens_OfTheVerifyPage_AreThoseOfTheSite()
    {
        var (site, page) = (TokensOf("app.css"), TokensOf("verify/verify.css"));
        Assert.NotEmpty(page);
        Assert.All(page, token => Assert.Equal((token.Key, site.GetValueOrDefault(token.Key)), (token.Key, token.Value)));
    }

    private static Dictionary<string, string> TokensOf(string sheet) =>
        Token.Matches(File.ReadAllText(Path.Combine(Repository.Root, "FitTrack.Web", "wwwroot", sheet))).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value, StringComparer.Ordinal);

    [GeneratedRegex(@"^  (?<name>--[a-z-]+): (?<value>.+);$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Token { get; }
}
