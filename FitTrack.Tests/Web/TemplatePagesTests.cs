using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>What recurring drawings are made from, by the forms of the pages and with JavaScript off.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class TemplatePagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Template_ByItsForms_IsAddedChangedDrawnFromAndRemoved()
    {
        var name = "Bottles " + Guid.NewGuid().ToString("N")[..8];
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(390, await site.SignedInAsync(Viewer.Admin), hasScript: false);
        var page = tab.Page;
        await page.GotoAsync("/admin/drawings");
        await page.GetByRole(AriaRole.Link, new() { Name = "Templates" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New template" }).ClickAsync();
        await page.GetByLabel("Name").First.FillAsync(name);
        await page.GetByLabel("Day", new() { Exact = true }).FillAsync("9");
        await page.GetByLabel("Points a ticket").FillAsync("250");
        await page.Locator("#prize-0-name").FillAsync("Insulated bottle");
        await page.Locator("#prize-0-value").FillAsync("35");
        await page.ClickButtonAsync("Save");
        await Expect(page.GetByLabel("Day", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Day", new() { Exact = true }).FillAsync("3");
        await page.ClickButtonAsync("Save");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        await Expect(page.GetByLabel("Sales open, minutes before")).ToHaveValueAsync("10080");
        await page.GetByLabel("Active: make drawings from it").UncheckAsync();
        await page.ClickButtonAsync("Save");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync($"{name} is saved.");
        await page.GetByRole(AriaRole.Link, new() { Name = "All templates" }).ClickAsync();
        var row = page.Locator("tbody tr").Filter(new() { HasText = name });
        await Expect(row).ToContainTextAsync("Every Wednesday, 16:00");
        await Expect(row).ToContainTextAsync("Paused");
        await tab.AssertFitsAsync();

        await row.GetByRole(AriaRole.Link, new() { Name = "New drawing from it" }).ClickAsync();
        await Expect(page.GetByLabel("Name").First).ToHaveValueAsync(name);
        await Expect(page.Locator("#prize-0-value")).ToHaveValueAsync("35.00");
        await page.ClickButtonAsync("Make the draft");
        await Expect(page.Locator("h1 + p .pill")).ToHaveTextAsync("Draft");
        await using var db = site.Database.Open();
        var template = await db.Set<DrawingTemplate>().SingleAsync(t => t.Name == name, Ct);
        var drawing = await db.Set<Drawing>().SingleAsync(d => d.Name == name, Ct);
        Assert.Equal((250, null), (drawing.TicketPrice, drawing.TemplateId));

        await page.GotoAsync($"/admin/drawings/templates/{template.Id}");
        await page.GetByLabel("Yes, I am sure").CheckAsync();
        await page.ClickButtonAsync("Remove");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Templates");
        await Expect(row).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
        foreach (var gone in new[] { $"/admin/drawings/templates/{template.Id}", $"/admin/drawings/new?template={template.Id}" })
            Assert.Equal(404, (await page.GotoAsync(gone))!.Status);
        Assert.Equal(200, (await page.GotoAsync("/admin/drawings/new?template=nonsense"))!.Status);
    }
}
