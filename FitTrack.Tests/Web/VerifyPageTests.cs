using System.Text;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Tests.Fixtures;
using FitTrack.Tests.Unit.Drawings;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>The page that draws a drawing again in the browser, beside the command line that does it too.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class VerifyPageTests(TestSite site)
{
    private const string Weak = "recomputed, but not independent";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WithThePublishedVectorFromAFile_RecomputesItAndExplainsEveryStep()
    {
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.GotoAsync("/verify/");

        await ChooseAsync(tab.Page, Bundles.OfVector().ToJsonString());

        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync(Weak);
        await Expect(tab.Page.Locator("#reasons")).ToContainTextAsync("beacon signature not authenticated");
        await Expect(tab.Page.Locator("#reasons")).ToContainTextAsync("commitment time unproven");
        await Expect(tab.Page.Locator("li.ok")).ToHaveCountAsync(5);
        await Expect(tab.Page.Locator("[data-step=manifest]")).ToContainTextAsync(PublishedVector.ManifestHash);
        await Expect(tab.Page.Locator("[data-step=picks]")).ToContainTextAsync("prize 1 to ticket 1, prize 2 to ticket 3, prize 2 to ticket 7");
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Page_SavedToAFolder_WorksWithoutTheSite()
    {
        await using var tab = await site.NewPageAsync();
        await tab.Page.Context.SetOfflineAsync(true);
        await tab.Page.GotoAsync(new Uri(Path.Combine(Repository.Root, "FitTrack.Web", "wwwroot", "verify", "index.html")).AbsoluteUri);

        await ChooseAsync(tab.Page, Bundles.OfVector().ToJsonString());

        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync(Weak);
    }

    /// <summary>How long it takes stands in docs/performance.md; the test's output tells it too.</summary>
    [Fact]
    public async Task Page_WithAHundredThousandTickets_RecomputesThem()
    {
        var owners = Enumerable.Range(0, 100_000).Select(i => $"member-{i % 1_000}").ToArray();
        var bundle = Bundles.Of("drw", owners, [new PrizeSlots(1, 1), new PrizeSlots(2, 10)], alternates: 10, serverSeed: new byte[32]).ToJsonString();
        await using var tab = await site.NewPageAsync();
        await tab.Page.GotoAsync("/verify/");

        var begun = TimeProvider.System.GetTimestamp();
        await ChooseAsync(tab.Page, bundle);
        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync(Weak, new() { Timeout = 120_000 });

        TestContext.Current.TestOutputHelper?.WriteLine($"{bundle.Length / 1_000_000} MB in {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1} s");
        await Expect(tab.Page.Locator("[data-step=tickets]")).ToContainTextAsync("100000 tickets of 1000 holders give the manifest's root");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Page_WithATamperedBundle_RejectsItAtTheStepThatShowsIt()
    {
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.GotoAsync("/verify/");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Bundles.Tampered)
        {
            var tampering = row.Data.Item1;
            var bundle = Bundles.OfVector();
            Bundles.Tamper(bundle, tampering);
            found[tampering] = await tab.Page.EvaluateAsync<string>(
                "([bundle, keys]) => FtDraw1.verify(JSON.parse(bundle), JSON.parse(keys)).then(r => r.failedStep ?? r.outcome)", new[] { bundle.ToJsonString(), Bundles.KeysFor(tampering) ?? "null" });
        }

        Assert.Equal(Bundles.Tampered.ToDictionary(row => row.Data.Item1, row => row.Data.Item2), found);
        await ChooseAsync(tab.Page, """{"manifest":""");
        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("invalid: bundle");
        var changed = Bundles.OfVector();
        Bundles.Tamper(changed, "other winner");
        await ChooseAsync(tab.Page, changed.ToJsonString());
        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("invalid: picks");
        await Expect(tab.Page.Locator("li.failed")).ToContainTextAsync("place 1 must be");
        await tab.AssertFitsAsync();
    }

    [Fact]
    public async Task Page_OfEveryCompletedDrawingOfTheDemo_SaysWhatTheCommandLineSays()
    {
        await site.SeedAsync();
        await using var db = site.Database.Open();
        var completed = await db.Set<Drawing>().Where(d => d.Status == DrawingStatus.Completed).Select(d => d.Id).ToListAsync(Ct);
        Assert.NotEmpty(completed);
        await using var tab = await site.NewPageAsync();
        using var http = new HttpClient { BaseAddress = site.Address };
        var keys = await http.GetJsonAsync("/.well-known/draw-keys.json");
        foreach (var drawing in completed)
        {
            await tab.Page.GotoAsync($"/verify?drawing={drawing}");
            await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync(Weak);
            await Expect(tab.Page.Locator("[data-step=signature]")).ToContainTextAsync("verifies with a published key");

            var verdict = DrawingVerifier.Verify(await http.GetJsonAsync($"/verify/proof/{drawing}"), keys);
            Assert.Equal(Weak, verdict.Summary);
        }

        await AssertOwnTicketsAreFoundAsync(tab.Page, db, completed[^1]);
        Assert.Empty(tab.Complaints);
    }

    /// <summary>From the page of the drawing on, without knowing what a salt is.</summary>
    [Fact]
    public async Task Page_OfADrawingThatIsSealed_SaysSoAndFindsOnesOwnTickets()
    {
        var (admin, member) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000));
        var drawing = await site.NewDrawingAsync(admin, $"Sealed {Guid.NewGuid():N}");
        await member.BuyAsync(drawing, 2);
        await admin.StepAsync(drawing, "close");
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.GotoAsync("/");
        await tab.Page.SignInAsync(member.Email, member.Password);
        await tab.Page.GotoAsync($"/drawings/{drawing}");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Verify this drawing" }).ClickAsync();

        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("sealed, not drawn yet");
        await Expect(tab.Page.Locator("li.failed")).ToHaveCountAsync(0);
        await tab.Page.ClickButtonAsync("Find my tickets");
        await Expect(tab.Page.Locator("#found")).ToHaveTextAsync("2 of your tickets were in: 1, 2");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Page_OfADrawingThatIsNotClosed_SaysThatNothingIsPublished()
    {
        await using var tab = await site.NewPageAsync();
        await tab.Page.GotoAsync($"/verify/?drawing={Guid.NewGuid()}");

        await Expect(tab.Page.Locator("#reasons")).ToContainTextAsync("Nothing is published about this drawing yet");
        await Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("Nothing was checked");
    }

    /// <summary>By the owner's salt on the page, and one by one up the path that the Api gives, which the page's script checks.</summary>
    private async Task AssertOwnTicketsAreFoundAsync(IPage page, DbContext db, Guid drawing)
    {
        var ticket = await db.Set<NumberedTicket>().Where(n => n.DrawingId == drawing).OrderByDescending(n => n.TicketNumber)
            .Join(db.Set<Ticket>(), n => n.TicketId, t => t.Id, (n, t) => new { n.TicketNumber, t.UserId }).FirstAsync(Ct);
        await using var scope = site.Api.NewScope();
        var salt = await scope.ServiceProvider.GetRequiredService<DrawingProofs>().FindSaltAsync(drawing, ticket.UserId, Ct);
        var own = await db.Set<Ticket>().CountAsync(t => t.DrawingId == drawing && t.UserId == ticket.UserId, Ct);
        using var anonymous = site.Api.CreateClient();
        await page.GetByLabel("Member id").FillAsync(ticket.UserId.ToString());
        await page.GetByLabel("Salt").FillAsync(salt!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Find my tickets" }).ClickAsync();
        await Expect(page.Locator("#found")).ToContainTextAsync($"{own} of your tickets were in");
        await Expect(page.Locator("#found")).ToContainTextAsync(ticket.TicketNumber.ToString(System.Globalization.CultureInfo.InvariantCulture));

        for (var number = 1; number <= ticket.TicketNumber; number++)
        {
            var inclusion = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/tickets/{number}/proof");
            Assert.True(await page.EvaluateAsync<bool>("proof => FtDraw1.verifyInclusion(JSON.parse(proof))", inclusion.GetRawText()));
            var other = inclusion.GetRawText().Replace($"\"number\":{number},", $"\"number\":{number + 1},", StringComparison.Ordinal);
            Assert.False(await page.EvaluateAsync<bool>("proof => FtDraw1.verifyInclusion(JSON.parse(proof))", other));
        }
    }

    private static Task ChooseAsync(IPage page, string bundle) =>
        page.GetByLabel("A saved bundle").SetInputFilesAsync(new FilePayload { Name = "bundle.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(bundle) });
}
