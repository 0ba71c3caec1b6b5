using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class SignInTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("2", "Successful login with valid credentials")]
    public async Task Login_WhenVerified_GivesTokensThatOpenMe()
    {
        var member = await api.NewMemberAsync();

        using var login = await LoginAsync(member.Email.ToUpperInvariant(), member.Password);
        var tokens = await login.ReadJsonAsync();
        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Assert.Equal(1800, tokens.GetProperty("expiresIn").GetInt32());
        Assert.Equal(604800, tokens.GetProperty("refreshExpiresIn").GetInt32());
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        var me = await member.Client.GetJsonAsync("/api/v1/users/me");
        Assert.Equal(member.Id, me.GetProperty("id").GetGuid());
        await using var db = api.OpenDb();
        Assert.Equal(api.Clock.Now, await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.LastLoginAt).SingleAsync(Ct));
    }

    [Fact]
    [Scenario("2", "Login fails for incorrect password")]
    public async Task Login_WhenPasswordIsWrong_Is401AndLogged()
    {
        var member = await api.NewMemberAsync();
        await RefusedAsync(member.Email, "Wrong-Miles-2026!");
        await using var db = api.OpenDb();
        Assert.Equal(1, await db.Set<LoginAttempt>().CountAsync(a => a.UserId == member.Id && a.Outcome == LoginOutcome.WrongPassword, Ct));
    }

    [Theory]
    [Scenario("2", "Login fails for non-existent user")]
    [InlineData("nonexistent@example.com")]
    [InlineData("not an address")]
    [InlineData("' OR 1=1 --")]
    public async Task Login_WhenUnknown_SaysTheSame(string email) => await RefusedAsync(email, TestMembers.Password);

    [Fact]
    [Scenario("2", "Login fails for unverified email")]
    public async Task Login_WhenNotVerified_Is403OnlyWithTheRightPassword()
    {
        var email = TestMembers.NewEmail();
        using var registered = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan()));
        await registered.ReadJsonAsync(HttpStatusCode.Created);

        await RefusedAsync(email, "Wrong-Miles-2026!");
        using var response = await LoginAsync(email, TestMembers.Password);
        Assert.Equal("Email not verified, check inbox", (await response.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [Scenario("2", "Account lockout after 5 failed attempts")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_WhenFiveFail_LocksTheAddressFor15Minutes(bool exists)
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var email = exists ? (await own.NewMemberAsync()).Email : TestMembers.NewEmail();
        var client = own.CreateClient();
        for (var i = 0; i < 4; i++)
        {
            own.Clock.Advance(TimeSpan.FromMinutes(3));
            using var failed = await client.PostJsonAsync("/api/v1/auth/login", new { email, password = "Wrong-Miles-2026!" });
            await failed.ReadProblemAsync(HttpStatusCode.Unauthorized);
        }

        using var fifth = await client.PostJsonAsync("/api/v1/auth/login", new { email, password = "Wrong-Miles-2026!" });
        Assert.Equal("Account temporarily locked, try again in 15 minutes", (await fifth.ReadProblemAsync(HttpStatusCode.TooManyRequests)).Detail);
        Assert.Equal("900", Assert.Single(fifth.Headers.GetValues("Retry-After")));

        await own.RunDeferredWorkAsync();
        await using (var db = api.OpenDb())
            Assert.Equal(exists ? 1 : 0, await db.Set<OutboxMessage>().CountAsync(m => m.MessageType == MailTypes.LockedOut && db.Set<User>().Any(u => u.Id == m.UserId && u.NormalizedEmail == email), Ct));

        own.Clock.Advance(TimeSpan.FromMinutes(14));
        using var locked = await client.PostJsonAsync("/api/v1/auth/login", new { email, password = TestMembers.Password });
        Assert.Equal("Account temporarily locked, try again in 1 minute", (await locked.ReadProblemAsync(HttpStatusCode.TooManyRequests)).Detail);

        own.Clock.Advance(TimeSpan.FromMinutes(1));
        using var open = await client.PostJsonAsync("/api/v1/auth/login", new { email, password = TestMembers.Password });
        Assert.Equal(exists ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, open.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_WhenGuessesComeAllAtOnceOnTwoInstances_LetsFiveBeTried(bool exists)
    {
        await using var one = NewInstance();
        await using var two = NewInstance();
        var email = exists ? (await one.NewMemberAsync()).Email : TestMembers.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var client = (i % 2 == 0 ? one : two).CreateClient();
            using var answer = await client.PostJsonAsync("/api/v1/auth/login", new { email, password = $"Guess-Number-{i:D4}!" });
            return answer.StatusCode;
        }));

        await using var db = api.OpenDb();
        var normalized = EmailAddress.Normalize(email);
        var tried = exists ? LoginOutcome.WrongPassword : LoginOutcome.UnknownEmail;
        var outcomes = await db.Set<LoginAttempt>().Where(a => a.NormalizedEmail == normalized && a.Outcome != LoginOutcome.Succeeded).GroupBy(a => a.Outcome).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, Ct);
        Assert.Equal((5, 35), (outcomes[tried], outcomes[LoginOutcome.Locked]));
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }));

        ApiFactory NewInstance() => new(api.Database.ConnectionString) { Settings = { ["Accounts:PasswordHashing:Concurrency"] = "8" } };
    }

    [Fact]
    public async Task Login_WhenASuccessLiesBetween_DoesNotLock()
    {
        var member = await api.NewMemberAsync();
        for (var i = 0; i < 4; i++)
            await RefusedAsync(member.Email, "Wrong-Miles-2026!");
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await (await LoginAsync(member.Email, member.Password)).ReadJsonAsync();
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
            await RefusedAsync(member.Email, "Wrong-Miles-2026!");
    }

    [Fact]
    public async Task Login_WhenHashesAreOfAnotherCost_RenewsThem()
    {
        var member = await api.NewMemberAsync();
        await using var own = new ApiFactory(api.Database.ConnectionString) { Settings = { ["Accounts:PasswordHashing:Cost"] = "5" } };
        await own.CreateClient().LoginAsync(member.Email);
        await using var db = api.OpenDb();
        var hash = await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.PasswordHash).SingleAsync(Ct);
        Assert.Equal(5, Bcrypt.CostOf(hash));
        await own.CreateClient().LoginAsync(member.Email);
    }

    private Task<HttpResponseMessage> LoginAsync(string email, string password) => api.NewClient().PostJsonAsync("/api/v1/auth/login", new { email, password });

    private async Task RefusedAsync(string email, string password)
    {
        using var response = await LoginAsync(email, password);
        Assert.Equal("Invalid email or password", (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }
}
