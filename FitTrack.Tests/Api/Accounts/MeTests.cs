using System.Net;
using System.Net.Http.Headers;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class MeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Me = "/api/v1/users/me";
    private const string MyProfile = "/api/v1/users/me/profile";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("2", "Accessing protected endpoint with valid token")]
    [Scenario("2", "User role can access user endpoints")]
    public async Task Get_WhenSignedIn_HasTheShapeOfTheContract()
    {
        var member = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, Level = FitnessLevel.Beginner });
        var me = await member.Client.GetJsonAsync(Me);
        Assert.Equal((member.Id, member.Email), (me.GetProperty("id").GetGuid(), me.GetProperty("email").GetString()));
        Assert.Equal(("user", "active"), (me.GetProperty("role").GetString(), me.GetProperty("status").GetString()));
        Assert.True(me.GetProperty("emailVerified").GetBoolean());
        Assert.Equal(api.Clock.Now, me.GetProperty("createdAt").GetDateTimeOffset());
        var profile = me.GetProperty("profile");
        Assert.Equal(member.DisplayName, profile.GetProperty("displayName").GetString());
        Assert.Equal(("M-30-39-BEG", "male", "beginner"), (profile.GetProperty("tierCode").GetString(), profile.GetProperty("biologicalSex").GetString(), profile.GetProperty("fitnessLevel").GetString()));
        Assert.Equal(("1990-04-12", "TX"), (profile.GetProperty("dateOfBirth").GetString(), profile.GetProperty("state").GetString()));
        Assert.Equal(("America/New_York", "public"), (profile.GetProperty("timeZone").GetString(), profile.GetProperty("visibility").GetString()));
        Assert.False(profile.GetProperty("openTierOptIn").GetBoolean());
        var points = me.GetProperty("points");
        Assert.Equal([0, 0, 0, 1000], new[] { "balance", "earnedTotal", "earnedToday", "remainingToday" }.Select(p => points.GetProperty(p).GetInt32()));
    }

    [Fact]
    public async Task Get_WhenThereIsNoProfileYet_LeavesItsFieldsNull()
    {
        var member = await api.NewMemberAsync(new MemberPlan { DisplayName = null });
        var profile = (await member.Client.GetJsonAsync(Me)).GetProperty("profile");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, profile.GetProperty("displayName").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, profile.GetProperty("tierCode").ValueKind);
        Assert.Equal("TX", profile.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Get_WhenNothingChanged_Is304()
    {
        var member = await api.NewMemberAsync();
        using var first = await member.Client.GetAsync(Me, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, Me) { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var second = await member.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task PutProfile_WhenFirst_MakesTheTierFromToday()
    {
        var member = await api.NewMemberAsync(new MemberPlan { DisplayName = null });
        using var response = await member.Client.PutJsonAsync(MyProfile, Profile("First " + member.Id.ToString("N")[20..], "male", "advanced"));
        Assert.Equal("M-30-39-ADV", (await response.ReadJsonAsync()).GetProperty("profile").GetProperty("tierCode").GetString());
        Assert.Equal([(new DateOnly(2026, 11, 18), "M-30-39-ADV")], await TiersAsync(member.Id));
    }

    [Fact]
    public async Task PutProfile_WhenLevelChanges_MovesTheTierFromTomorrowAndOnlyOnceIn30Days()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        var name = member.DisplayName!;
        using var first = await member.Client.PutJsonAsync(MyProfile, Profile(name, "female", "advanced"));
        Assert.Equal("F-30-39-ADV", (await first.ReadJsonAsync()).GetProperty("profile").GetProperty("tierCode").GetString());
        Assert.Equal([(new DateOnly(2026, 11, 18), "F-30-39-INT"), (new DateOnly(2026, 11, 19), "F-30-39-ADV")], await TiersAsync(member.Id));

        using var second = await member.Client.PutJsonAsync(MyProfile, Profile(name, "female", "beginner"));
        Assert.Equal("Sex, fitness level and OPEN can change once in 30 days; again from 2026-12-18.", (await second.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
        using var renamed = await member.Client.PutJsonAsync(MyProfile, Profile(name + "x", "female", "advanced"));
        await renamed.ReadJsonAsync();

        own.Clock.Advance(TimeSpan.FromDays(30));
        var (access, _) = await own.CreateClient().LoginAsync(member.Email);
        member.Client.DefaultRequestHeaders.Authorization = new("Bearer", access);
        using var third = await member.Client.PutJsonAsync(MyProfile, Profile(name, "female", "beginner"));
        Assert.Equal("F-30-39-BEG", (await third.ReadJsonAsync()).GetProperty("profile").GetProperty("tierCode").GetString());
    }

    [Fact]
    public async Task PutProfile_WhenOptingIntoOpen_GoesToOpen()
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.PutJsonAsync(MyProfile, new { displayName = member.DisplayName, biologicalSex = "female", fitnessLevel = "intermediate", openTierOptIn = true });
        Assert.Equal("OPEN", (await response.ReadJsonAsync()).GetProperty("profile").GetProperty("tierCode").GetString());
    }

    [Fact]
    public async Task PutProfile_WhenNameIsTakenOrBad_IsRefused()
    {
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        using var taken = await member.Client.PutJsonAsync(MyProfile, Profile(other.DisplayName!.ToUpperInvariant(), "female", "intermediate"));
        Assert.Equal("Display name already taken", (await taken.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
        using var bad = await member.Client.PutJsonAsync(MyProfile, Profile("<script>", "female", "intermediate"));
        await bad.ReadInvalidAsync("displayName");
        using var missing = await member.Client.PutJsonAsync(MyProfile, new { displayName = "Fine Name" });
        await missing.ReadInvalidAsync("fitnessLevel");
        using var word = await member.Client.PutJsonAsync(MyProfile, Profile("Fine Name", "female", "superhuman"));
        await word.ReadInvalidAsync("fitnessLevel");
    }

    [Fact]
    public async Task Put_WhenStateChanges_BumpsTheVersionAndHonoursIfMatch()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        using var read = await member.Client.GetAsync(Me, Ct);
        var before = await read.ReadJsonAsync();
        var tag = read.Headers.ETag!.ToString();
        own.Clock.Advance(TimeSpan.FromSeconds(1));

        using var moved = await member.Client.PutJsonAsync(Me, new { state = "co" }, ("If-Match", tag));
        var after = await moved.ReadJsonAsync();
        Assert.Equal("CO", after.GetProperty("profile").GetProperty("state").GetString());
        Assert.True(after.GetProperty("updatedAt").GetDateTimeOffset() > before.GetProperty("updatedAt").GetDateTimeOffset());
        using var stale = await member.Client.PutJsonAsync(Me, new { state = "TX" }, ("If-Match", tag));
        await stale.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
        using var bad = await member.Client.PutJsonAsync(Me, new { state = "XX" });
        await bad.ReadInvalidAsync("state");
    }

    [Fact]
    public async Task Delete_WhenCalled_ClosesTheAccountAndKeepsItsRow()
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.DeleteAsync(Me, Ct);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var gone = await member.Client.GetAsync(Me, Ct);
        await gone.ReadProblemAsync(HttpStatusCode.Unauthorized);
        using var login = await api.NewClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = member.Password });
        Assert.Equal("Invalid email or password", (await login.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        await using var db = api.OpenDb();
        var user = await db.Set<User>().SingleAsync(u => u.Id == member.Id, Ct);
        Assert.Equal((UserStatus.Deleted, api.Clock.Now), (user.Status, user.DeletedAt));
    }

    [Fact]
    public async Task Delete_WhenAskedTwiceAtOnce_ClosesOnceAndAnswersAsAClosedAccountThen()
    {
        var member = await api.NewMemberAsync();
        await using var db = api.OpenDb();
        await using var watch = api.OpenDb();
        await using var held = await db.Database.BeginTransactionAsync(Ct);
        await db.Set<User>().Where(u => u.Id == member.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), Ct);
        var both = Task.WhenAll(member.Client.DeleteAsync(Me, Ct), member.Client.DeleteAsync(Me, Ct));
        await Until.HoldsAsync(
            "two that wait",
            () => watch.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(Ct),
            count => count == 2);
        await held.CommitAsync(Ct);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], (await both).Select(a => a.StatusCode).Order());
    }

    [Fact]
    public async Task DeleteAndExport_WhenTheSignInIsElevenMinutesOld_AskForAnother()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(11));
        using var close = await member.Client.DeleteAsync(Me, Ct);
        using var export = await member.Client.GetAsync(Me + "/export", Ct);
        foreach (var refused in new[] { close, export })
            Assert.Equal("urn:fittrack:reauthentication-required", (await refused.ReadProblemAsync(HttpStatusCode.Forbidden)).Type);

        // New tokens of the old session are no sign-in.
        using var refreshed = await member.Client.PostJsonAsync("/api/v1/auth/refresh", new { refreshToken = member.RefreshToken });
        member.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await refreshed.ReadJsonAsync()).GetProperty("accessToken").GetString());
        using var still = await member.Client.GetAsync(Me + "/export", Ct);
        await still.ReadProblemAsync(HttpStatusCode.Forbidden);

        var (access, _) = await own.CreateClient().LoginAsync(member.Email);
        member.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var exported = await member.Client.GetAsync(Me + "/export", Ct);
        Assert.Equal(HttpStatusCode.OK, exported.StatusCode);
        using var closed = await member.Client.DeleteAsync(Me, Ct);
        Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
    }

    private static object Profile(string name, string sex, string level) => new { displayName = name, biologicalSex = sex, fitnessLevel = level };

    private async Task<List<(DateOnly, string)>> TiersAsync(Guid userId)
    {
        await using var db = api.OpenDb();
        return (await db.Set<TierHistoryEntry>().Where(t => t.UserId == userId).OrderBy(t => t.FromDay).ToListAsync(Ct)).ConvertAll(t => (t.FromDay, t.TierCode));
    }
}
