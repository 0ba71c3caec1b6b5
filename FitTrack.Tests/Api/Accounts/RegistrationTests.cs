using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class RegistrationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [Scenario("2", "Successful registration with valid data")]
    [Scenario("1", "Create entity with valid data")]
    [InlineData("/api/v1/auth/register")]
    [InlineData("/api/v1/users")]
    public async Task Register_WhenValid_StoresEveryFieldAndSendsTheMail(string url)
    {
        var email = TestMembers.NewEmail();
        using var response = await api.NewClient().PostJsonAsync(url, TestMembers.Registration(email, new MemberPlan { DisplayName = "Newcomer " + email[7..15] }));
        var created = await response.ReadJsonAsync(HttpStatusCode.Created);
        var id = created.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/users/{id}", response.Headers.Location?.ToString());
        Assert.Equal("Verification email sent", created.GetProperty("message").GetString());
        Assert.Equal("pending", created.GetProperty("status").GetString());

        await using var db = api.OpenDb();
        var user = await db.Set<User>().SingleAsync(u => u.Id == id, Ct);
        Assert.Equal((email, UserStatus.Pending, UserRole.User, new DateOnly(1990, 4, 12), "TX"), (user.Email, user.Status, user.Role, user.DateOfBirth, user.State));
        Assert.Null(user.EmailVerifiedAt);
        Assert.StartsWith("$2b$", user.PasswordHash, StringComparison.Ordinal);
        var profile = await db.Set<Profile>().SingleAsync(p => p.UserId == id, Ct);
        Assert.Equal("F-30-39-INT", profile.TierCode);
        Assert.Equal(new DateOnly(2026, 11, 18), await db.Set<TierHistoryEntry>().Where(t => t.UserId == id).Select(t => t.FromDay).SingleAsync(Ct));
        var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.UserId == id, Ct);
        Assert.Equal(MailTypes.VerifyEmail, mail.MessageType);
        Assert.DoesNotContain(await api.Factory.MailedTokenAsync(id), mail.Payload, StringComparison.Ordinal);
    }

    [Fact]
    [Scenario("2", "Registration fails for underage user")]
    public async Task Register_WhenSeventeen_Is400AndStoresNothing() =>
        await RefusedAsync(new { email = TestMembers.NewEmail(), password = TestMembers.Password, dateOfBirth = "2008-11-19", state = "TX" }, "Must be 18 or older");

    [Fact]
    public async Task Register_WhenEighteenToday_IsTaken()
    {
        using var response = await api.NewClient().PostJsonAsync(
            "/api/v1/auth/register", new { email = TestMembers.NewEmail(), password = TestMembers.Password, dateOfBirth = "2008-11-18", state = "tx" });
        await response.ReadJsonAsync(HttpStatusCode.Created);
    }

    [Theory]
    [Scenario("2", "Registration fails for ineligible state")]
    [InlineData("NY")]
    [InlineData("FL")]
    [InlineData("RI")]
    public async Task Register_WhenStateIsExcluded_Is400AndStoresNothing(string state) =>
        await RefusedAsync(new { email = TestMembers.NewEmail(), password = TestMembers.Password, dateOfBirth = "1990-04-12", state }, "State not eligible for sweepstakes");

    [Fact]
    [Scenario("2", "Registration fails for duplicate email")]
    public async Task Register_WhenEmailIsKnown_Is409()
    {
        var member = await api.NewMemberAsync();
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(member.Email.ToUpperInvariant(), new MemberPlan()));
        Assert.Equal("Email already registered", (await response.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
        await using var db = api.OpenDb();
        Assert.Equal(1, await db.Set<User>().CountAsync(u => u.NormalizedEmail == member.Email, Ct));
    }

    [Fact]
    public async Task Register_WhenNameLooksLikeAnother_Is409()
    {
        await api.NewMemberAsync(new MemberPlan { DisplayName = "Copper Fox" });
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(TestMembers.NewEmail(), new MemberPlan { DisplayName = "C0pper_FOX" }));
        Assert.Equal("Display name already taken", (await response.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
    }

    [Fact]
    public async Task Register_WhenTwoRaceForOneAddress_OneWins()
    {
        var email = TestMembers.NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", TestMembers.Registration(email, new MemberPlan { DisplayName = null }));
            return response.StatusCode;
        }));
        Assert.Equal(1, answers.Count(s => s == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(s => s == HttpStatusCode.Conflict));
    }

    [Fact]
    [Scenario("2", "Registration fails for weak password")]
    public async Task Register_WhenPasswordIsWeak_Is422WithTheRequirements()
    {
        var email = TestMembers.NewEmail();
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", new { email, password = "weak", dateOfBirth = "1990-04-12", state = "TX" });
        var problem = await response.ReadInvalidAsync("password");
        Assert.Contains(problem.Errors!, e => e.Message.Contains("12 characters", StringComparison.Ordinal));
        Assert.Contains(problem.Errors!, e => e.Message.Contains("symbol", StringComparison.Ordinal));
        await using var db = api.OpenDb();
        Assert.False(await db.Set<User>().AnyAsync(u => u.NormalizedEmail == email, Ct));
    }

    [Fact]
    [Scenario("1", "Create entity with invalid data returns validation error")]
    public async Task Register_WhenEmailIsMissing_Is422ForThatField()
    {
        using var response = await api.NewClient().PostJsonAsync("/api/v1/users", new { password = TestMembers.Password, dateOfBirth = "1990-04-12", state = "TX" });
        await response.ReadInvalidAsync("email");
    }

    [Theory]
    [InlineData("""{"email":"nobody","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX"}""", "email")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"12/04/1990","state":"TX"}""", "dateOfBirth")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1890-04-12","state":"TX"}""", "dateOfBirth")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"2030-04-12","state":"TX"}""", "dateOfBirth")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"ZZ"}""", "state")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX","profile":{"displayName":"x","fitnessLevel":"beginner"}}""", "profile.displayName")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX","profile":{"displayName":"Some Body"}}""", "profile.fitnessLevel")]
    [InlineData("""{"email":"a@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX","profile":{"displayName":"Some Body","fitnessLevel":"beginner","timeZone":"Mars/Phobos"}}""", "profile.timeZone")]
    public async Task Register_WhenAFieldIsBad_Is422ForThatField(string body, string field)
    {
        using var response = await api.NewClient().PostAsync("/api/v1/auth/register", JsonHelpers.Body(body), Ct);
        await response.ReadInvalidAsync(field);
    }

    private async Task RefusedAsync(object registration, string detail)
    {
        await using var db = api.OpenDb();
        var before = await db.Set<User>().CountAsync(u => u.State != "TX" || u.DateOfBirth > new DateOnly(2008, 11, 18), Ct);
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/register", registration);
        Assert.Equal(detail, (await response.ReadProblemAsync(HttpStatusCode.BadRequest)).Detail);
        Assert.Equal(before, await db.Set<User>().CountAsync(u => u.State != "TX" || u.DateOfBirth > new DateOnly(2008, 11, 18), Ct));
    }
}
