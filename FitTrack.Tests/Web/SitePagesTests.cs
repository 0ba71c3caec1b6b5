using System.Reflection;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using FitTrack.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>
/// Each page of the site in a real browser: with and without JavaScript, on a phone and at a desk, light and dark. It fits, nothing is wrong with
/// it for people who do not see or do not use a mouse (axe), and the browser has no complaint. What it looks like in
/// both widths is kept in <c>artifacts/pages</c>, in the dark too with <c>FITTRACK_PICTURES=all</c>: a picture takes longer than axe does.
/// </summary>
[Collection(nameof(SecondTestSite)), Trait("Category", "Browser")]
public sealed class SitePagesTests(TestSite site)
{
    private static readonly NodeTool Axe = new(Path.Combine(Repository.Root, "FitTrack.Tests", "Web", "axe"), "axe");

    private static readonly bool KeepsAll = Environment.GetEnvironmentVariable("FITTRACK_PICTURES") == "all";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Viewer> Pages => new(SitePages.All.Select(p => (p.Route, p.As)));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InEitherThemeAndWidth_FitsAndIsAccessible(string route, Viewer viewer)
    {
        await Axe.InstallAsync(Ct);
        var (page, address) = await FindAsync(route, viewer);
        await using var tab = await site.NewPageAsync(1280, await site.SignedInAsync(viewer));
        var script = await File.ReadAllTextAsync(Path.Combine(Axe.Folder, "node_modules", "axe-core", "axe.min.js"), Ct);
        await tab.Page.AddInitScriptAsync(script);

        var answer = await tab.Page.GotoAsync(address);
        Assert.Equal(page.Status, answer!.Status);
        Assert.Equal(1, await tab.Page.Locator("h1").CountAsync());
        foreach (var (width, theme) in new[] { (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await tab.Page.SetViewportSizeAsync(width, 844);
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = theme });
            await tab.AssertFitsAsync();
            if (KeepsAll || theme == ColorScheme.Light)
                await tab.Page.ScreenshotAsync(new() { Path = Picture(page, width, theme), FullPage = true });
            // Each width and each theme once: it takes its time.
            if ((width, theme) is (1280, ColorScheme.Light) or (390, ColorScheme.Dark))
                Assert.Equal([], await FindingsAsync(tab.Page));
        }

        Assert.Equal([], tab.Complaints.Where(c => page.Status == 200 || !c.Contains($"{page.Status}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_WithoutJavaScript_SaysTheSame(string route, Viewer viewer)
    {
        var (page, address) = await FindAsync(route, viewer);
        await using var tab = await site.NewPageAsync(390, await site.SignedInAsync(viewer), hasScript: false);
        var answer = await tab.Page.GotoAsync(address);
        Assert.Equal(page.Status, answer!.Status);
        Assert.Equal((0, 1), (await tab.OverflowAsync(), await tab.Page.Locator("h1").CountAsync()));
        // What only a script could fill or press has no place in the page that the server sends.
        Assert.Equal(0, await tab.Page.Locator("main button[type=button], main [aria-busy=true]").CountAsync());
        Assert.Equal([], tab.Complaints.Where(c => page.Status == 200 || !c.Contains($"{page.Status}", StringComparison.Ordinal)));
    }

    private static string Picture(SitePage page, int width, ColorScheme theme) =>
        Path.Combine(Repository.Root, "artifacts", "pages", $"{page.As}{page.Route.Replace('/', '-').Replace('{', '(').Replace('}', ')').Replace(':', '=')}-{width}-{theme}.png".ToLowerInvariant());

    /// <summary>What axe finds serious or critical.</summary>
    private static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        var findings = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations)");
        return [.. findings.EnumerateArray()
            .Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{v.GetProperty("id")}: {v.GetProperty("help")}: {string.Join(", ", v.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("html").GetString()))}")];
    }

    private async Task<(SitePage Page, string Address)> FindAsync(string route, Viewer viewer)
    {
        await site.SeedAsync();
        var page = SitePages.All.Single(p => p.Route == route && p.As == viewer);
        await using var db = site.Database.Open();
        return (page, page.Find is null ? page.Route : await page.Find(db));
    }
}

public sealed class SitePagesListTests
{
    [Fact]
    public void List_OfPages_HasEveryRoutableComponent()
    {
        var routes = typeof(WebMarker).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(routes);
        Assert.Equal([], routes.Except(SitePages.All.Select(p => p.Route)).Except(SitePages.Elsewhere));
    }
}
