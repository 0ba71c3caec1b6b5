using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>The Api's documentation in a real browser: it asks nobody but us, and the browser has nothing to say about it.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class DocumentPagesTests(TestSite site)
{
    [Theory]
    [InlineData("docs", "Opens an account and sends the verification mail")]
    [InlineData("redoc", "Administration")]
    public async Task Page_WhenRead_AsksNobodyElseAndHasNoComplaint(string page, string sign)
    {
        await using var tab = await site.NewPageAsync();
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        tab.Page.Request += (_, request) => hosts.Add(new Uri(request.Url).Host);

        await tab.Page.GotoAsync(new Uri(site.Api.ClientOptions.BaseAddress, page).ToString());
        await Expect(tab.Page.GetByText(sign).First).ToBeVisibleAsync();
        await tab.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Empty(hosts.Except([site.Api.ClientOptions.BaseAddress.Host, ""]));
        Assert.Empty(tab.Complaints);
    }
}
