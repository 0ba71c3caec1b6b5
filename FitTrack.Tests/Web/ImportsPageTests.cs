using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>A member brings a file, looks at what came of it, hides it and takes it back: in a real browser.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class ImportsPageTests(TestSite site)
{
    private const int MostBytes = 25 * 1024 * 1024;

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Gpx_FromUploadToUndo_IsShownAsItIs(int width)
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;
        await page.GotoAsync("/");
        await page.SignInAsync(member.Email, member.Password);
        await page.GotoAsync("/activities");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing here yet" })).ToBeVisibleAsync();
        await page.GotoAsync("/imports");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing imported yet" })).ToBeVisibleAsync();
        await page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = "lake.gpx", MimeType = "application/gpx+xml", Buffer = SampleFiles.Bytes(SampleFiles.Gpx(type: null)) });
        await page.GetByLabel("Sport, if the file names none").SelectOptionAsync("hiking");
        await page.ClickButtonAsync("Import the file");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "lake.gpx" })).ToBeVisibleAsync();
        await site.Api.RunImportsAsync();
        await page.ReloadAsync();
        await Expect(page.GetByText("1 added, 0 updated, 0 skipped, 0 failed")).ToBeVisibleAsync();
        await tab.AssertFitsAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Hiking" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Around the lake" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Hide from my log");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("It is hidden from your log.");
        await page.GotoAsync("/activities");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing here yet" })).ToBeVisibleAsync();
        await page.GotoAsync("/activities?hidden=true&type=workout");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Around the lake" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();

        await page.GotoAsync("/imports");
        await page.GetByRole(AriaRole.Link, new() { Name = "lake.gpx" }).ClickAsync();
        await page.ClickButtonAsync("Take this import back");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The import was taken back.");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing imported yet" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Files_ThatAreTwoOrTooLarge_AreRefusedWithTheReason()
    {
        var member = await site.Api.NewMemberAsync();
        foreach (var hasScript in new[] { false, true })
        {
            await using var tab = await site.NewPageAsync(390, hasScript: hasScript);
            var page = tab.Page;
            await page.GotoAsync("/?ReturnUrl=/imports");
            await page.SignInAsync(member.Email, member.Password);
            await page.GotoAsync("/imports");
            var field = page.GetByLabel("File", new() { Exact = true });
            if (!hasScript)
            {
                await field.SetInputFilesAsync(new FilePayload { Name = "large.gpx", MimeType = "application/gpx+xml", Buffer = new byte[MostBytes + 1] });
                await page.ClickButtonAsync("Import the file");
                await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This file is larger than 25 MB.");
                continue;
            }

            await DropAsync(page, MostBytes + 1, "large.gpx");
            Assert.Equal("This file is larger than 25 MB.", await field.EvaluateAsync<string>("field => field.validationMessage"));
            await DropAsync(page, 9, "one.gpx", "two.gpx");
            Assert.StartsWith("One file at a time", await field.EvaluateAsync<string>("field => field.validationMessage"), StringComparison.Ordinal);
            await tab.AssertFitsAsync();
            Assert.Empty(tab.Complaints);
        }
    }

    private static Task<System.Text.Json.JsonElement?> DropAsync(IPage page, int size, params string[] names) => page.Locator("[data-drop]").EvaluateAsync(
        """
        (place, { size, names }) => {
          const dataTransfer = new DataTransfer();
          for (const name of names) dataTransfer.items.add(new File([new Uint8Array(size)], name));
          place.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }
        """,
        new { size, names });
}
