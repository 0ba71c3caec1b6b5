using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class PasswordTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string New = "Thirteen-Miles-2027!";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reset_WhenLinkIsGood_SetsThePasswordAndSignsOutEverywhere()
    {
        var member = await api.NewMemberAsync();
        var token = await ForgetAsync(member);
        await DoneAsync(await ResetAsync(token, New));

        using var signedOut = await member.Client.GetAsync("/api/v1/users/me", Ct);
        Assert.Equal("Invalid token", (await signedOut.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        using var refresh = await api.NewClient().PostJsonAsync("/api/v1/auth/refresh", new { refreshToken = member.RefreshToken });
        await refresh.ReadProblemAsync(HttpStatusCode.Unauthorized);
        using var old = await api.NewClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = member.Password });
        await old.ReadProblemAsync(HttpStatusCode.Unauthorized);
        await api.NewClient().LoginAsync(member.Email, New);
        await using var db = api.OpenDb();
        Assert.Equal(1, await db.Set<OutboxMessage>().CountAsync(m => m.UserId == member.Id && m.MessageType == MailTypes.SecurityChanged, Ct));
    }

    [Fact]
    public async Task Reset_WhenLinkWasUsed_Is400()
    {
        var member = await api.NewMemberAsync();
        var token = await ForgetAsync(member);
        await DoneAsync(await ResetAsync(token, New));
        using var again = await ResetAsync(token, "Fourteen-Miles-2028!");
        Assert.Equal("Invalid reset token", (await again.ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);
        await api.NewClient().LoginAsync(member.Email, New);
    }

    [Fact]
    public async Task Reset_WhenTwoUseTheLinkAtOnce_OneIsTaken()
    {
        var token = await ForgetAsync(await api.NewMemberAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i => (await ResetAsync(token, $"Racing-Miles-{i}-2027!")).StatusCode));
        Assert.Equal(1, answers.Count(s => s == HttpStatusCode.NoContent));
        Assert.All(answers, s => Assert.Contains(s, new[] { HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.Conflict }));
    }

    [Fact]
    public async Task Reset_WhenLinkIsAnHourOld_Is400()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        using var asked = await own.CreateClient().PostJsonAsync("/api/v1/auth/forgot-password", new { email = member.Email });
        await own.RunDeferredWorkAsync();
        var token = await own.MailedTokenAsync(member.Id, MailTypes.ResetPassword);
        own.Clock.Advance(TimeSpan.FromHours(1));
        using var late = await own.CreateClient().PostJsonAsync("/api/v1/auth/reset-password", new { token, newPassword = New });
        Assert.Equal("Token expired, request a new link", (await late.ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);
    }

    [Fact]
    public async Task Reset_WhenPasswordIsWeak_Is422AndTheLinkStaysGood()
    {
        var member = await api.NewMemberAsync();
        var token = await ForgetAsync(member);
        using var weak = await ResetAsync(token, "weak");
        await weak.ReadInvalidAsync("newPassword");
        using var holdsAddress = await ResetAsync(token, "Xy1!" + member.Email.Split('@')[0]);
        await holdsAddress.ReadInvalidAsync("newPassword");
        await DoneAsync(await ResetAsync(token, New));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Reset_WhenTokenIsUnknown_Is400(string token) =>
        Assert.Equal("Invalid reset token", (await (await ResetAsync(token, New)).ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);

    [Fact]
    public async Task Reset_WhenTokenVerifiesAnAddress_IsNoSubstitute()
    {
        using var registered = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(TestMembers.NewEmail(), new MemberPlan()));
        var id = (await registered.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var response = await ResetAsync(await api.Factory.MailedTokenAsync(id), New);
        await response.ReadProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Forgot_WhenAddressIsUnknown_AnswersAndStoresTheSameAsForAKnownOne()
    {
        var member = await api.NewMemberAsync();
        var stranger = TestMembers.NewEmail();
        var known = await ForgotAsync(member.Email);
        var unknown = await ForgotAsync(stranger);
        Assert.Equal(known.GetRawText(), unknown.GetRawText());

        // What an answer takes is what it stores: one note each, of the same shape, that tells nobody whose it is.
        await using var db = api.OpenDb();
        var notes = await db.Set<OutboxMessage>().Where(m => m.MessageType == AccountMails.WorkType).OrderByDescending(m => m.Id).Take(2).ToListAsync(Ct);
        Assert.Equal(2, notes.Count);
        Assert.All(notes, n => Assert.Null(n.UserId));
        Assert.All(notes, n => Assert.DoesNotContain("@", n.Payload, StringComparison.Ordinal));
        await api.Factory.RunDeferredWorkAsync();
        Assert.Equal(1, await db.Set<AccountToken>().CountAsync(t => t.UserId == member.Id && t.Purpose == AccountTokenPurpose.PasswordReset, Ct));
    }

    [Fact]
    public async Task Forgot_WhenAskedAgainAtOnce_SendsOneLink()
    {
        var member = await api.NewMemberAsync();
        for (var i = 0; i < 3; i++)
            await ForgotAsync(member.Email);
        await api.Factory.RunDeferredWorkAsync();
        await using var db = api.OpenDb();
        Assert.Equal(1, await db.Set<OutboxMessage>().CountAsync(m => m.UserId == member.Id && m.MessageType == MailTypes.ResetPassword, Ct));
    }

    [Fact]
    public async Task Change_WhenCurrentIsRight_KeepsThisSessionAndEndsTheOthers()
    {
        var member = await api.NewMemberAsync();
        var (otherAccess, _) = await api.NewClient().LoginAsync(member.Email);
        await DoneAsync(await member.Client.PutJsonAsync("/api/v1/users/me/password", new { currentPassword = member.Password, newPassword = New }));

        await member.Client.GetJsonAsync("/api/v1/users/me");
        var other = api.NewClient();
        other.DefaultRequestHeaders.Authorization = new("Bearer", otherAccess);
        using var ended = await other.GetAsync("/api/v1/users/me", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        await api.NewClient().LoginAsync(member.Email, New);
    }

    [Fact]
    public async Task Change_WhenCurrentIsWrong_Is422AndLocksInTheEnd()
    {
        var member = await api.NewMemberAsync();
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
        {
            using var wrong = await member.Client.PutJsonAsync("/api/v1/users/me/password", new { currentPassword = "Wrong-Miles-2026!", newPassword = New });
            await wrong.ReadInvalidAsync("currentPassword");
        }

        using var fifth = await member.Client.PutJsonAsync("/api/v1/users/me/password", new { currentPassword = "Wrong-Miles-2026!", newPassword = New });
        await fifth.ReadProblemAsync(HttpStatusCode.TooManyRequests);
        using var locked = await member.Client.PutJsonAsync("/api/v1/users/me/password", new { currentPassword = member.Password, newPassword = New });
        await locked.ReadProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("weak")]
    [InlineData(TestMembers.Password)]
    public async Task Change_WhenNewIsWeakOrTheSame_Is422(string newPassword)
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.PutJsonAsync("/api/v1/users/me/password", new { currentPassword = member.Password, newPassword });
        await response.ReadInvalidAsync("newPassword");
    }

    private async Task<System.Text.Json.JsonElement> ForgotAsync(string email)
    {
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/forgot-password", new { email });
        return await response.ReadJsonAsync(HttpStatusCode.Accepted);
    }

    private async Task<string> ForgetAsync(TestMember member)
    {
        await ForgotAsync(member.Email);
        await api.Factory.RunDeferredWorkAsync();
        return await api.Factory.MailedTokenAsync(member.Id, MailTypes.ResetPassword);
    }

    private Task<HttpResponseMessage> ResetAsync(string token, string newPassword) => api.NewClient().PostJsonAsync("/api/v1/auth/reset-password", new { token, newPassword });

    private static async Task DoneAsync(HttpResponseMessage response)
    {
        using (response)
            Assert.True(response.StatusCode == HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync(Ct));
    }
}
