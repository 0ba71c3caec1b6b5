using System.Text.RegularExpressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Opening an account, what mails link to, and what keeps an account safe: in a real browser, on a phone.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed partial class AccountPagesTests(TestSite site)
{
    private const string NewPassword = "Thirteen-Miles-2027!";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_ThenTheLinkOfTheMail_OpensAnAccountThatCanSignIn()
    {
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        var email = TestMembers.NewEmail();
        await page.GotoAsync("/register");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync("aaaaaaaaaaaa");
        await page.GetByLabel("Display name").FillAsync("Runner " + Guid.NewGuid().ToString("N")[..10]);
        await page.GetByLabel("Date of birth").FillAsync("1990-04-12");
        await page.GetByLabel("State").FillAsync("tx");
        await page.ClickButtonAsync("Create the account");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("upper");
        await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync(email);

        await page.GetByLabel("Password").FillAsync(TestMembers.Password);
        await page.ClickButtonAsync("Create the account");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your mail" })).ToBeVisibleAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Read them" })).ToHaveAttributeAsync("href", "/mail");
        using (var browser = new HttpClient { BaseAddress = site.Address })
            Assert.Contains("<h1>Mail drop</h1>", await browser.GetStringAsync("/mail", Ct), StringComparison.Ordinal);

        await SignInAsync(page, email, TestMembers.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not confirmed yet");

        var link = "/verify-email?token=" + await TokenOfAsync(email, MailTypes.VerifyEmail);
        await page.GotoAsync(link);
        await page.ClickButtonAsync("Confirm my e-mail address");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your address is confirmed" })).ToBeVisibleAsync();
        await SignInAsync(page, email, TestMembers.Password);
        await Expect(page.GetByText("Left to today")).ToBeVisibleAsync();

        await page.GotoAsync(link);
        await page.ClickButtonAsync("Confirm my e-mail address");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("used before");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.ClickButtonAsync("Send a new link");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your mail" })).ToBeVisibleAsync();
        await FinishAsync(tab);
    }

    [Fact]
    public async Task VerifyEmail_WhenTheLinkHasExpired_SaysSoAndOffersANewOne()
    {
        var email = TestMembers.NewEmail();
        using (var client = site.Api.CreateClient())
        using (await client.PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan())))
        {
            var token = await TokenOfAsync(email, MailTypes.VerifyEmail);
            await using (var db = site.Database.Open())
                await db.Set<AccountToken>().Where(t => db.Set<User>().Any(u => u.Id == t.UserId && u.Email == email)).ExecuteUpdateAsync(s => s.SetProperty(t => t.ExpiresAt, site.Api.Clock.Now.AddMinutes(-1)), Ct);
            await using var tab = await site.NewPageAsync(390);
            await tab.Page.GotoAsync("/verify-email?token=" + token);
            await tab.Page.ClickButtonAsync("Confirm my e-mail address");
            await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The link has expired.");
            await FinishAsync(tab);
        }
    }

    [Fact]
    public async Task ForgotPassword_ThenTheLinkOfTheMail_SetsANewPasswordOnce()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync(member.Email);
        await page.ClickButtonAsync("Send the link");
        await Expect(page.GetByText("a link is on its way")).ToBeVisibleAsync();

        await site.Api.RunDeferredWorkAsync();
        var link = "/reset-password?token=" + await site.Api.MailedTokenAsync(member.Id, MailTypes.ResetPassword);
        await page.GotoAsync(link);
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.GetByLabel("The same again").FillAsync(NewPassword + "?");
        await page.ClickButtonAsync("Set the password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the same");
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.GetByLabel("The same again").FillAsync(NewPassword);
        await page.ClickButtonAsync("Set the password");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your password is set" })).ToBeVisibleAsync();

        await SignInAsync(page, member.Email, member.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not match");
        await SignInAsync(page, member.Email, NewPassword);
        await Expect(page.GetByText("Left to today")).ToBeVisibleAsync();

        await page.GotoAsync(link);
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.GetByLabel("The same again").FillAsync(NewPassword);
        await page.ClickButtonAsync("Set the password");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This link does not work any more" })).ToBeVisibleAsync();
        await FinishAsync(tab);
    }

    [Fact]
    public async Task SecuritySettings_AfterTheSignInThatTheyAskFor_EndSessionsAndChangeThePassword()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/settings/security");
        await FillSignInAsync(page, member.Email, member.Password);
        await Expect(page).ToHaveURLAsync(SettingsAddress());
        await Expect(page.GetByText("this one")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = AnyOtherDevice() }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is signed out");
        using (var ended = await member.Client.GetAsync("/api/v1/users/me", Ct))
            await ended.ReadProblemAsync(global::System.Net.HttpStatusCode.Unauthorized);

        await page.GetByLabel("Current password").FillAsync("Not-Mine-At-All-1!");
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.ClickButtonAsync("Change the password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await page.GetByLabel("Current password").FillAsync(member.Password);
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.ClickButtonAsync("Change the password");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed");

        await page.ClickButtonAsync("Sign out everywhere");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
        await FinishAsync(tab);
    }

    [Fact]
    public async Task SecuritySettings_BySteps_SwitchTheSecondFactorOnAndOff()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await SignInAsync(page, member.Email, member.Password);
        await page.GotoAsync("/settings/security");

        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(member.Password);
        await page.ClickButtonAsync("Set it up");
        await Expect(page.Locator(".qr svg")).ToBeVisibleAsync();
        var secret = await page.Locator("p code").InnerTextAsync();
        await page.GetByLabel("The code that it shows").FillAsync("000000");
        await page.ClickButtonAsync("Switch it on");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await page.GetByLabel("The code that it shows").FillAsync(CodeOf(secret));
        await page.ClickButtonAsync("Switch it on");
        await Expect(page.Locator(".codes li")).ToHaveCountAsync(10);
        var recovery = await page.Locator(".codes li").First.InnerTextAsync();

        await page.Locator("summary", new() { HasText = "More" }).ClickAsync();
        await page.ClickButtonAsync("Sign out");
        await SignInAsync(page, member.Email, member.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("second factor");
        await FillSignInAsync(page, member.Email, member.Password, recovery);
        await Expect(page.GetByText("Left to today")).ToBeVisibleAsync();

        await page.GotoAsync("/settings/security");
        await Expect(page.GetByText("9 recovery codes are left")).ToBeVisibleAsync();
        site.Api.Clock.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        await page.GetByLabel("Code, or a recovery code").FillAsync(CodeOf(secret));
        await page.ClickButtonAsync("Switch it off");
        await Expect(page.GetByText("Set it up")).ToBeVisibleAsync();
        await FinishAsync(tab);
    }

    private static async Task SignInAsync(IPage page, string email, string password)
    {
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/");
        await FillSignInAsync(page, email, password);
    }

    private static async Task FillSignInAsync(IPage page, string email, string password, string? code = null)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByLabel("Code").FillAsync(code ?? "");
        if (code is null)
            await page.GetByLabel("Code").EvaluateAsync("input => input.required = false");
        await page.ClickButtonAsync("Sign in");
    }

    /// <summary>Nothing was too wide for a phone, and the browser had nothing to say about it.</summary>
    private static async Task FinishAsync(BrowserPage tab)
    {
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    private async Task<string> TokenOfAsync(string email, string mail)
    {
        await using var db = site.Database.Open();
        return await site.Api.MailedTokenAsync(await db.Set<User>().Where(u => u.Email == email).Select(u => u.Id).SingleAsync(Ct), mail);
    }

    private string CodeOf(string secret) => Totp.Code(Totp.Decode(secret), site.Api.Clock.GetUtcNow().ToUnixTimeSeconds() / Totp.StepSeconds);

    [GeneratedRegex("/settings/security$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingsAddress();

    [GeneratedRegex("^Sign out .*last used", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyOtherDevice();
}
