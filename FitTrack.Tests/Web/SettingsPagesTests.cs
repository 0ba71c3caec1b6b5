using System.IO.Compression;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>A member's own choices and data: the profile that the start asks for, the colours, the archive, the end. With JavaScript off where it makes no difference.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class SettingsPagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithoutAProfile_AsksForItSaysWhatIsWrongAndGoesOnToTheTracker()
    {
        var member = await site.Api.NewMemberAsync(new MemberPlan { DisplayName = null });
        await using var tab = await SignedInAsync(member, "/start", hasScript: false);
        var (page, step) = (tab.Page, tab.Page.Locator("[aria-current=step]"));
        await Expect(step).ToContainTextAsync("Say how you compete");
        await tab.AssertFitsAsync();

        await page.GetByLabel("Display name").FillAsync("<b>Ana</b>");
        await page.GetByLabel("Sex, for the tier").SelectOptionAsync("female");
        await page.GetByLabel("Fitness level").SelectOptionAsync("advanced");
        await page.GetByLabel("State, two letters").FillAsync("tx");
        await page.ClickButtonAsync("Save");
        await Expect(page.GetByLabel("Display name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Fitness level")).ToHaveValueAsync("advanced");

        var name = "Ana " + Guid.NewGuid().ToString("N")[..8];
        await page.GetByLabel("Display name").FillAsync(name);
        await page.ClickButtonAsync("Save");
        await Expect(step).ToContainTextAsync("Connect a tracker");
        await Expect(page.GetByText("F-30-39-ADV")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Connect a tracker" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await using var db = site.Database.Open();
        Assert.Equal((name, "TX"), await db.Set<Profile>().Where(p => p.UserId == member.Id).Join(db.Set<User>(), p => p.UserId, u => u.Id, (p, u) => new ValueTuple<string?, string?>(p.DisplayName, u.State)).SingleAsync(Ct));
        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Theme_WhenSwitched_HoldsOnEveryPageFromItsFirstByte(bool hasScript)
    {
        await using var tab = await site.NewPageAsync(390, hasScript: hasScript);
        var page = tab.Page;
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.GotoAsync("/register");
        var light = await ColourAsync(page);

        await SwitchAsync(page, "Dark");
        Assert.EndsWith("/register", page.Url, StringComparison.Ordinal);
        var dark = await ColourAsync(page);
        Assert.NotEqual(light, dark);
        // The server says it, so that nothing has to be repainted: on this page, on others, after a reload.
        Assert.Contains("data-theme=\"dark\"", await (await page.ReloadAsync())!.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await (await page.GotoAsync("/drawings"))!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(dark, await ColourAsync(page));

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await SwitchAsync(page, "Light");
        Assert.Equal(light, await ColourAsync(page));
        await SwitchAsync(page, "As the device");
        Assert.Equal(dark, await ColourAsync(page));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Equal(light, await ColourAsync(page));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Data_WhenTakenAlong_IsTheMembersOwnArchive()
    {
        var (member, other) = (await site.NewMemberAsync(points: 250), await site.NewMemberAsync());
        await using var tab = await SignedInAsync(member, "/settings/data");

        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Link, new() { Name = "Download my data" }).ClickAsync());
        var text = await UnzippedAsync(download);

        Assert.EndsWith(".zip", download.SuggestedFilename, StringComparison.Ordinal);
        foreach (var own in new[] { member.Email, member.DisplayName!, "To begin with" })
            Assert.Contains(own, text, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Email, text, StringComparison.Ordinal);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Account_WhenClosedOnItsPage_AsksForAFreshSignInAndIsGone()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await SignedInAsync(member, "/settings/data");
        var page = tab.Page;
        site.Api.Clock.Advance(TimeSpan.FromMinutes(20));

        await page.ReloadAsync();
        await page.GetByLabel("I want to close my account.").CheckAsync();
        await page.ClickButtonAsync("Close my account");
        await page.GetByLabel("Password").FillAsync(member.Password);
        await page.GetByLabel("Code").EvaluateAsync("input => input.required = false");
        await page.ClickButtonAsync("Continue");
        await page.GetByLabel("I want to close my account.").CheckAsync();
        await page.ClickButtonAsync("Close my account");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your account is closed" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download my data" }).ClickAsync());
        Assert.Contains(member.Email, await UnzippedAsync(download), StringComparison.Ordinal);
        Assert.DoesNotContain(await page.Context.CookiesAsync(), c => c.Name == "fittrack");
        await using var db = site.Database.Open();
        Assert.Equal(UserStatus.Deleted, await db.Set<User>().IgnoreQueryFilters().Where(u => u.Id == member.Id).Select(u => u.Status).SingleAsync(Ct));
        await page.GotoAsync("/tickets");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    private async Task<BrowserPage> SignedInAsync(TestMember member, string address, bool hasScript = true)
    {
        var tab = await site.NewPageAsync(390, hasScript: hasScript);
        await tab.Page.GotoAsync("/?ReturnUrl=" + address);
        await tab.Page.SignInAsync(member.Email, member.Password);
        await tab.Page.WaitForURLAsync("**" + address);
        return tab;
    }

    private static async Task SwitchAsync(IPage page, string theme)
    {
        await page.ClickButtonAsync(theme);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = theme, Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.WaitForLoadStateAsync();
    }

    private static Task<string> ColourAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task<string> UnzippedAsync(IDownload download)
    {
        await using var zip = await ZipFile.OpenReadAsync((await download.PathAsync())!, Ct);
        var text = new List<string>();
        foreach (var entry in zip.Entries)
        {
            await using var stream = await entry.OpenAsync(Ct);
            using var reader = new StreamReader(stream);
            text.Add(await reader.ReadToEndAsync(Ct));
        }

        Assert.NotEmpty(text);
        return string.Concat(text);
    }
}
