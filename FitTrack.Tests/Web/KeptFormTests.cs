using System.Net;
using System.Text.RegularExpressions;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>A session that ends in the middle of a form: nothing is done, and after the sign-in the form is as it was.</summary>
[Collection(nameof(SharedTestSite))]
public sealed partial class KeptFormTests(TestSite site)
{
    private static readonly string Rules = string.Concat(Enumerable.Range(1, 700).Select(n => $"Rule {n}: sponsors, \"prizes\" & <members>.\n"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forms_OfAMember_AreAsTheyWere()
    {
        var (member, admin) = (await site.NewMemberAsync(points: 100), await site.NewAdminAsync());
        var prize = await site.WinAsync(admin, member, "Kept " + Guid.NewGuid().ToString("N")[..6]);
        await AssertKeptAsync(member, "/settings/limits", "spending", [new("Weekly", "1234")], "name=\"Weekly\" type=\"number\" value=\"1234\"");
        await AssertKeptAsync(member, "/settings/limits", "exclude", [new("ExcludeDays", "365"), new("IsSure", "true")], """<option value="365" selected""", """name="IsSure" value="true" checked""");
        await AssertKeptAsync(
            member, "/notifications", "choices", [new("On", "account"), new("On", "trackers"), new("Mail", "trackers")],
            """name="On" value="account" checked""", """name="On" value="trackers" checked""", """name="On" value="drawings" aria-label""", """name="Mail" value="trackers" checked""");
        await AssertKeptAsync(member, $"/prizes/{prize}", "address", [new("Recipient", "Ana \"A\" <Runner>"), new("Postal", "78701")], "value=\"Ana &quot;A&quot; &lt;Runner&gt;\"", "value=\"78701\"");
        await AssertKeptAsync(member, "/settings/data", "close", [new("IsSure", "true")], """name="IsSure" value="true" checked""");
    }

    [Fact]
    public async Task Forms_OfAnAdministrator_AreAsTheyWereHoweverLong()
    {
        var (member, admin) = (await site.NewMemberAsync(points: 100), await site.NewAdminAsync());
        var prize = await site.WinAsync(admin, member, "Kept " + Guid.NewGuid().ToString("N")[..6]);
        await member.ConfirmAddressAsync(prize);
        await AssertKeptAsync(admin, "/admin/drawings/rules", "rules", [new("Given.Rules", Rules)], "Rule 700: sponsors, &quot;prizes&quot; &amp; &lt;members&gt;.");
        await AssertKeptAsync(admin, "/admin/drawings/new", "drawing", [new("Given.Name", "A new one"), new("Given.Prizes[1].Name", "Second prize")], "value=\"A new one\"", "value=\"Second prize\"");
        await AssertKeptAsync(admin, "/admin/sponsors", "sponsor", [new("Given.Name", "Shoes & Co"), new("Given.Notes", "Asks twice")], "value=\"Shoes &amp; Co\"", ">Asks twice<");
        await AssertKeptAsync(admin, $"/admin/members/{member.Id}", "adjust", [new("Amount", "-77"), new("Reason", "Counted twice"), new("Clawback", "true")], "value=\"-77\"", "value=\"Counted twice\"", """name="Clawback" value="true" checked""");
        await AssertKeptAsync(
            admin, "/admin/fulfillments?status=address_confirmed", "bulk", [new("Picked", prize.ToString()), new($"tracking-{prize}", "9400 1"), new("Carrier", "USPS")],
            $"name=\"Picked\" value=\"{prize}\"", $"name=\"tracking-{prize}\" maxlength=\"100\" value=\"9400 1\"", "value=\"USPS\"");
    }

    /// <param name="who">Signs in, loses the cookie and signs in again.</param>
    /// <param name="address">Of the page with the form.</param>
    /// <param name="form">Its name.</param>
    /// <param name="typed">What it is sent with.</param>
    /// <param name="expected">Stands on the page after the next sign-in, and not before.</param>
    private async Task AssertKeptAsync(TestMember who, string address, string form, KeyValuePair<string, string>[] typed, params string[] expected)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = site.Address };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var before = await SignInAsync(browser, who, address);
        Assert.Contains(expected, e => !before.Contains(e, StringComparison.Ordinal));
        cookies.GetCookies(site.Address)["fittrack"]!.Expired = true;

        using var sent = new FormUrlEncodedContent([new("_handler", form), new("__RequestVerificationToken", TokenOf(before)), .. typed]);
        using var ended = await browser.PostAsync(address, sent, Ct);
        Assert.Contains("What you had typed is kept", await ended.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var after = await SignInAsync(browser, who, address);
        Assert.All(expected, e => Assert.Contains(e, after, StringComparison.Ordinal));
    }

    private static async Task<string> SignInAsync(HttpClient browser, TestMember who, string address)
    {
        var token = TokenOf(await browser.GetStringAsync("/", Ct));
        using var form = new FormUrlEncodedContent([new("email", who.Email), new("password", who.Password), new("returnUrl", address), new("__RequestVerificationToken", token)]);
        using var page = await browser.PostAsync("/sign-in", form, Ct);
        Assert.Equal(address, page.RequestMessage!.RequestUri!.PathAndQuery);
        return await page.Content.ReadAsStringAsync(Ct);
    }

    private static string TokenOf(string html) => AntiforgeryToken().Match(html).Groups["token"].Value;

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AntiforgeryToken();
}
