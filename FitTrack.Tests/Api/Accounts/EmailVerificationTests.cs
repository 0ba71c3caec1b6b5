using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class EmailVerificationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("2", "Successful email verification")]
    public async Task Verify_WhenTokenIsValid_ActivatesOnce()
    {
        var (id, _) = await RegisterAsync();
        var token = await api.Factory.MailedTokenAsync(id);
        var answer = await (await VerifyAsync(token)).ReadJsonAsync();
        Assert.Equal("/profile", answer.GetProperty("next").GetString());

        var user = await UserAsync(id);
        Assert.Equal((UserStatus.Active, true), (user.Status, user.EmailVerified));
        Assert.Equal(user.EmailVerifiedAt, user.ActivatedAt);
        Assert.Equal("Invalid verification token", (await (await VerifyAsync(token)).ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);
    }

    [Fact]
    [Scenario("2", "Email verification fails for expired token")]
    public async Task Verify_WhenTokenIs25HoursOld_Is400AndTheAccountStaysPending()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var client = own.CreateClient();
        using var registered = await client.PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(TestMembers.NewEmail(), new MemberPlan()));
        var id = (await registered.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var token = await own.MailedTokenAsync(id);
        own.Clock.Advance(TimeSpan.FromHours(25));

        using var response = await client.PostJsonAsync("/api/v1/auth/verify-email", new { token });
        Assert.Equal("Token expired, request new verification email", (await response.ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);
        Assert.Equal(UserStatus.Pending, (await UserAsync(id)).Status);
    }

    [Theory]
    [Scenario("2", "Email verification fails for invalid token")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Verify_WhenTokenIsUnknown_Is400(string token) =>
        Assert.Equal("Invalid verification token", (await (await VerifyAsync(token)).ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);

    [Fact]
    public async Task Verify_WhenTwoClickAtOnce_OneIsTaken()
    {
        var (id, _) = await RegisterAsync();
        var token = await api.Factory.MailedTokenAsync(id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await VerifyAsync(token)).StatusCode));
        Assert.Equal(1, answers.Count(s => s == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Resend_WhenPending_SendsAnotherLinkOnlyAfterAMinute()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var client = own.CreateClient();
        var email = TestMembers.NewEmail();
        using var registered = await client.PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan()));
        var id = (await registered.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        await ResendAsync(client, email);
        await own.RunDeferredWorkAsync();
        Assert.Equal(1, await MailsAsync(id));
        own.Clock.Advance(TimeSpan.FromMinutes(2));
        await ResendAsync(client, email);
        await own.RunDeferredWorkAsync();
        Assert.Equal(2, await MailsAsync(id));
        using var verified = await client.PostJsonAsync("/api/v1/auth/verify-email", new { token = await own.MailedTokenAsync(id) });
        await verified.ReadJsonAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(2));
        await ResendAsync(client, email);
        await own.RunDeferredWorkAsync();
        Assert.Equal(2, await MailsAsync(id));
    }

    [Fact]
    public async Task Resend_WhenUnknown_AnswersTheSame() => await ResendAsync(api.NewClient(), TestMembers.NewEmail());

    private static async Task ResendAsync(HttpClient client, string email)
    {
        using var response = await client.PostJsonAsync("/api/v1/auth/resend-verification", new { email });
        await response.ReadJsonAsync(HttpStatusCode.Accepted);
    }

    private async Task<(Guid Id, string Email)> RegisterAsync()
    {
        var email = TestMembers.NewEmail();
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan()));
        return ((await response.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), email);
    }

    private Task<HttpResponseMessage> VerifyAsync(string token) => api.NewClient().PostJsonAsync("/api/v1/auth/verify-email", new { token });

    private async Task<User> UserAsync(Guid id)
    {
        await using var db = api.OpenDb();
        return await db.Set<User>().SingleAsync(u => u.Id == id, Ct);
    }

    private async Task<int> MailsAsync(Guid id)
    {
        await using var db = api.OpenDb();
        return await db.Set<OutboxMessage>().CountAsync(m => m.UserId == id, Ct);
    }
}
