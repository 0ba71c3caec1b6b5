using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Activities;

/// <summary>The activity log over HTTP: lists, a member's own entries, and what may not be changed.</summary>
public sealed class ActivityTests : IClassFixture<ApiFixture>
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;

    public ActivityTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        (_api, _terra) = (api, new TerraSender(api));
    }

    [Fact]
    [Scenario("1", "Filter entities by field")]
    [Scenario("3", "List activities with type filter")]
    public async Task List_WhenFilteredByType_HasOnlyThat()
    {
        var (member, admin) = (await TrackedMemberAsync(), await _api.NewAdminAsync());
        await AddAsync(member);

        foreach (var (type, ofMember) in new[] { ("workout", 2), ("steps", 1), ("active_minutes", 0) })
        {
            var own = await member.Client.GetJsonAsync($"/api/v1/activities?filter[activity_type]={type}");
            Assert.Equal(ofMember, own.GetProperty("pagination").GetProperty("total").GetInt32());
            Assert.All(own.GetProperty("items").EnumerateArray(), a => Assert.Equal(type, a.GetProperty("activityType").GetString()));
        }

        var all = await admin.Client.GetJsonAsync($"/api/v1/activities?filter[activity_type]=workout&filter[user_id]={member.Id}");
        Assert.Equal(2, all.GetProperty("pagination").GetProperty("total").GetInt32());
        using var unknown = await member.Client.GetAsync("/api/v1/activities?filter[activity_type]=sleep", TestContext.Current.CancellationToken);
        await unknown.ReadInvalidAsync("filter[activity_type]");
    }

    [Fact]
    public async Task Post_AnEntryTypedIn_IsInTheLogAndEarnsNothing()
    {
        var member = await _api.NewMemberAsync();
        using var response = await member.Client.PostJsonAsync("/api/v1/activities", Entry(title: "  Evening yoga "), ("Idempotency-Key", "one"));
        var created = await response.ReadJsonAsync(HttpStatusCode.Created);
        var activity = created.GetProperty("activity");
        Assert.Equal(("manual", "yoga", "Evening yoga", 0), (Text(activity, "source"), Text(activity, "sport"), Text(activity, "title"), activity.GetProperty("pointsEarned").GetInt32()));
        Assert.Equal($"/api/v1/activities/{Id(activity)}", response.Headers.Location?.ToString());
        using var again = await member.Client.PostJsonAsync("/api/v1/activities", Entry(title: "  Evening yoga "), ("Idempotency-Key", "one"));
        Assert.Equal(created.GetRawText(), (await again.ReadJsonAsync(HttpStatusCode.Created)).GetRawText());
        Assert.Equal(0, (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64());
    }

    [Theory]
    [InlineData("""{"sport":"quidditch","startedAt":"2026-11-18T10:00:00Z","durationSeconds":60}""", "sport")]
    [InlineData("""{"sport":"yoga","startedAt":"2026-11-18T13:59:30Z","durationSeconds":60}""", "startedAt")]
    [InlineData("""{"sport":"yoga","startedAt":"1969-11-18T13:59:30Z","durationSeconds":60}""", "startedAt")]
    [InlineData("""{"sport":"yoga","startedAt":"2026-11-18T10:00:00Z","durationSeconds":0}""", "durationSeconds")]
    [InlineData("""{"sport":"yoga","startedAt":"2026-11-18T10:00:00Z","durationSeconds":60,"intensity":"never"}""", "intensity")]
    [InlineData("""{"startedAt":"2026-11-18T10:00:00Z","durationSeconds":60}""", "sport")]
    public async Task Post_WhenAFieldIsBad_NamesIt(string body, string field)
    {
        var member = await _api.NewMemberAsync();
        using var response = await member.Client.PostAsync("/api/v1/activities", JsonHelpers.Body(body), TestContext.Current.CancellationToken);
        await response.ReadInvalidAsync(field);
    }

    [Fact]
    public async Task Patch_AnOwnEntry_ChangesItUnlessItIsStale()
    {
        var member = await _api.NewMemberAsync();
        var url = await AddAsync(member);
        using var read = await member.Client.GetAsync(url, TestContext.Current.CancellationToken);
        var tag = read.Headers.ETag!.ToString();
        _api.Clock.Advance(TimeSpan.FromSeconds(1));

        using var changed = await member.Client.SendJsonAsync(HttpMethod.Patch, url, new { sport = "running", durationSeconds = 1_200, title = "Run" }, ("If-Match", tag));
        var activity = (await changed.ReadJsonAsync()).GetProperty("activity");
        Assert.Equal(("running", 1_200, "Run"), (Text(activity, "sport"), activity.GetProperty("durationSeconds").GetInt32(), Text(activity, "title")));
        using var stale = await member.Client.SendJsonAsync(HttpMethod.Patch, url, new { title = "Jog" }, ("If-Match", tag));
        await stale.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
        using var foreign = await (await _api.NewMemberAsync()).Client.SendJsonAsync(HttpMethod.Patch, url, new { title = "Mine" });
        await foreign.ReadProblemAsync(HttpStatusCode.NotFound);
        using var bad = await member.Client.SendJsonAsync(HttpMethod.Patch, url, new { sport = "quidditch" });
        await bad.ReadInvalidAsync("sport");
    }

    [Fact]
    public async Task Patch_ATrackersActivity_CanOnlyHideIt()
    {
        var member = await TrackedMemberAsync();
        var url = "/api/v1/activities/" + Id((await ItemsAsync(member, "filter[activity_type]=workout"))[0]);
        using var refused = await member.Client.SendJsonAsync(HttpMethod.Patch, url, new { title = "Mine" });
        await refused.ReadProblemAsync(HttpStatusCode.Conflict);
        using var undeletable = await member.Client.DeleteAsync(url, TestContext.Current.CancellationToken);
        await undeletable.ReadProblemAsync(HttpStatusCode.Conflict);

        using var hidden = await member.Client.SendJsonAsync(HttpMethod.Patch, url, new { hidden = true });
        Assert.True((await hidden.ReadJsonAsync()).GetProperty("activity").GetProperty("hidden").GetBoolean());
        Assert.Empty(await ItemsAsync(member, "filter[activity_type]=workout"));
        Assert.Single(await ItemsAsync(member, "filter[hidden]=true"));
    }

    [Fact]
    public async Task Delete_AnOwnEntry_TakesItOutOfTheLog()
    {
        var member = await _api.NewMemberAsync();
        var url = await AddAsync(member);
        using var deleted = await member.Client.DeleteAsync(url, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await member.Client.GetAsync(url, TestContext.Current.CancellationToken);
        await gone.ReadProblemAsync(HttpStatusCode.NotFound);
        using var receipt = await member.Client.GetAsync(url + "/receipt", TestContext.Current.CancellationToken);
        await receipt.ReadProblemAsync(HttpStatusCode.NotFound);
        using var again = await member.Client.DeleteAsync(url, TestContext.Current.CancellationToken);
        await again.ReadProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty(await ItemsAsync(member));
    }

    [Fact, Scenario("3", "List activities with date filter")]
    public async Task List_WhenFilteredByDate_HasOnlyThoseDays()
    {
        var member = await _api.NewMemberAsync();
        string[] days = ["2025-12-31", "2026-01-01", "2026-01-15", "2026-01-31", "2026-02-01"];
        foreach (var day in days)
        {
            using var added = await member.Client.PostJsonAsync("/api/v1/activities", new { sport = "yoga", startedAt = $"{day}T17:00:00Z", durationSeconds = 1_800 });
            await added.ReadJsonAsync(HttpStatusCode.Created);
        }

        var january = await member.Client.GetJsonAsync("/api/v1/activities?filter[start_date]=2026-01-01&filter[end_date]=2026-01-31&sort=started_at&per_page=2");
        Assert.Equal(days[1..3], january.GetProperty("items").EnumerateArray().Select(a => Text(a, "day")));
        Assert.Equal("""{"page":1,"perPage":2,"total":3,"totalPages":2}""", january.GetProperty("pagination").GetRawText());
    }

    [Fact, Scenario("3", "Activity summary endpoint")]
    public async Task Summary_AfterARun_TellsTodayAndWhatIsLeft()
    {
        var member = await TrackedMemberAsync();
        var balance = (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt32();
        var summary = await member.Client.GetJsonAsync("/api/v1/activities/summary");
        var today = summary.GetProperty("today");
        foreach (var part in new[] { today, summary.GetProperty("thisWeek"), summary.GetProperty("thisMonth") })
        {
            Assert.Equal((4_000, 30, 1, balance), (
                part.GetProperty("steps").GetInt32(), part.GetProperty("activeMinutes").GetInt32(), part.GetProperty("workouts").GetInt32(), part.GetProperty("pointsEarned").GetInt32()));
        }

        Assert.Equal(1, summary.GetProperty("thisWeek").GetProperty("streakDays").GetInt32());
        Assert.Equal((balance, 1_000 - balance), (today.GetProperty("pointsEarned").GetInt32(), today.GetProperty("pointsRemaining").GetInt32()));
    }

    [Fact]
    public async Task Home_AfterARun_SaysWhatTheSingleAnswersSay()
    {
        var member = await TrackedMemberAsync();
        var home = await member.Client.GetJsonAsync("/api/v1/home");
        var me = await member.Client.GetJsonAsync("/api/v1/users/me");
        var summary = await member.Client.GetJsonAsync("/api/v1/activities/summary");
        Assert.Equal(me.GetProperty("points").GetRawText(), home.GetProperty("points").GetRawText());
        Assert.Equal((me.GetProperty("id").GetGuid(), me.GetProperty("profile").GetProperty("displayName").GetString()), (Id(home), Text(home, "displayName")));
        Assert.Equal(summary.GetProperty("today").GetProperty("start").GetString(), Text(home, "today"));
        Assert.Equal(summary.GetProperty("thisWeek").GetProperty("streakDays").GetInt32(), home.GetProperty("streak").GetProperty("days").GetInt32());
        Assert.Equal((await member.Client.GetJsonAsync("/api/v1/points/days")).GetProperty("items").GetRawText(), home.GetProperty("days").GetRawText());
        Assert.NotEqual("[]", home.GetProperty("days").GetRawText());
        Assert.Equal((await ItemsAsync(member)).Select(Id), home.GetProperty("activities").EnumerateArray().Select(Id));
        var (week, board) = (home.GetProperty("week"), await member.Client.GetJsonAsync("/api/v1/leaderboards/weekly"));
        Assert.Equal((Text(board, "tier"), board.GetProperty("totalMembers").GetInt32()), (Text(week, "tier"), week.GetProperty("totalMembers").GetInt32()));
        Assert.Equal(board.GetProperty("me").GetProperty("rank").GetInt32(), week.GetProperty("rank").GetInt32());
        Assert.Equal(board.GetProperty("rankings").EnumerateArray().Take(5).Select(r => Text(r, "userId")), week.GetProperty("rankings").EnumerateArray().Select(r => Text(r, "userId")));
    }

    private static object Entry(string? title = null) => new { sport = "yoga", startedAt = TestClock.Start.AddHours(-4), durationSeconds = 1_800, title };

    private static string Text(JsonElement activity, string name) => activity.GetProperty(name).GetString()!;

    private static Guid Id(JsonElement activity) => activity.GetProperty("id").GetGuid();

    private static async Task<List<JsonElement>> ItemsAsync(TestMember member, string query = "") =>
        [.. (await member.Client.GetJsonAsync($"/api/v1/activities?{query}")).GetProperty("items").EnumerateArray()];

    private static async Task<string> AddAsync(TestMember member)
    {
        using var response = await member.Client.PostJsonAsync("/api/v1/activities", Entry());
        return "/api/v1/activities/" + Id((await response.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("activity"));
    }

    /// <summary>With a run of half an hour and a day's steps from a tracker.</summary>
    private async Task<TestMember> TrackedMemberAsync()
    {
        var member = await _api.NewMemberAsync();
        var account = await _terra.ConnectAsync(member.Id);
        await _terra.DeliverAsync(TerraSender.Workout(account, "run-1", _api.Clock.Now.AddHours(-2), 30));
        await _terra.DeliverAsync(TerraSender.Daily(account, DateOnly.FromDateTime(_api.Clock.Now.AddHours(-5).DateTime), 4_000));
        return member;
    }
}
