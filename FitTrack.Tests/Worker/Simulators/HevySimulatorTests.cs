using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Simulators;
using Xunit;

namespace FitTrack.Tests.Worker.Simulators;

public sealed class HevySimulatorTests(SimulatorServer simulators)
{
    private const string Api = "hevy/v1/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Call_WithoutAKey_IsRefusedInPlainTextThatSaysHtml(string? key)
    {
        var world = await simulators.OpenAsync();

        using var answer = await (key is null ? world.NewClient() : world.NewClient(("api-key", key))).GetAsync(Api + "user/info", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("InvalidApiKey", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public void Keys_AreTheSameInEveryRunWithASeed()
    {
        using var http = new HttpMessageInvoker(new WebhookRecorder(receiver: null));
        IEnumerable<string> Keys(int seed, DateTimeOffset start) => new Sandbox("", new SimulatorOptions { Seed = seed }, new TestClock(start), http).Hevy.Accounts.Select(a => a.Id);

        Assert.Equal(Keys(42, TestClock.Start), Keys(42, TestClock.Start.AddDays(1)));
        Assert.Empty(Keys(42, TestClock.Start).Intersect(Keys(7, TestClock.Start), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Workouts_ComeInPagesNewestFirst()
    {
        var world = await simulators.OpenAsync(change: o => o.HistoryDays = 90);
        var client = ClientOf(world);
        var count = (await client.GetJsonAsync(Api + "workouts/count")).GetProperty("workout_count").GetInt32();

        var first = await client.GetJsonAsync(Api + "workouts?page=1&pageSize=10");
        var all = new List<JsonElement>();
        for (var page = 1; page <= first.GetProperty("page_count").GetInt32(); page++)
            all.AddRange((await client.GetJsonAsync($"{Api}workouts?page={page}&pageSize=10")).GetProperty("workouts").EnumerateArray());

        Assert.True(count > 10);
        Assert.Equal(count, all.Select(w => w.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(all.Select(w => w.GetProperty("start_time").GetDateTimeOffset()).OrderDescending(), all.Select(w => w.GetProperty("start_time").GetDateTimeOffset()));
        Assert.Equal(5, (await client.GetJsonAsync(Api + "workouts")).GetProperty("workouts").GetArrayLength());
        Assert.Equal(all[3].GetRawText(), (await client.GetJsonAsync($"{Api}workouts/{all[3].GetProperty("id").GetGuid()}")).GetRawText());
        var set = all[0].GetProperty("exercises")[0].GetProperty("sets")[0];
        Assert.Equal("warmup", set.GetProperty("type").GetString());
        Assert.True(set.GetProperty("weight_kg").GetDouble() > 0);
    }

    [Theory]
    [InlineData("workouts?pageSize=11", 400, "Invalid page size")]
    [InlineData("workouts?pageSize=0", 400, "Invalid page size")]
    [InlineData("workouts?page=999", 404, "Page not found")]
    [InlineData("workouts/00000000-0000-0000-0000-000000000000", 404, "Workout not found")]
    public async Task Call_WhenItCannotBeAnswered_SaysWhy(string path, int status, string error)
    {
        var world = await simulators.OpenAsync();

        using var answer = await ClientOf(world).GetAsync(Api + path, Ct);

        Assert.Equal(error, (await answer.ReadJsonAsync((HttpStatusCode)status)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Events_SinceATime_TellWhatChangedAndWhatWasDeleted()
    {
        var world = await simulators.OpenAsync();
        var (key, client) = (world.Sandbox.Hevy.Accounts[0].Id, ClientOf(world));
        var since = world.Clock.Now.ToString("O");
        Task<JsonElement> EventsAsync() => client.GetJsonAsync($"{Api}workouts/events?since={Uri.EscapeDataString(since)}&pageSize=10");
        async Task DoAsync(string what)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await (await world.NewClient().PostJsonAsync($"control/hevy/accounts/{key}/{what}", new { })).ReadJsonAsync();
        }

        Assert.Equal(0, (await EventsAsync()).GetProperty("events").GetArrayLength());
        await DoAsync("workout");
        var created = (await EventsAsync()).GetProperty("events")[0];
        await DoAsync("delete");
        var events = await EventsAsync();

        Assert.Equal("updated", created.GetProperty("type").GetString());
        var deleted = Assert.Single(events.GetProperty("events").EnumerateArray());
        Assert.Equal("deleted", deleted.GetProperty("type").GetString());
        Assert.Equal(created.GetProperty("workout").GetProperty("id").GetString(), deleted.GetProperty("id").GetString());
        Assert.Empty(world.Webhooks.Requests);
    }

    private static HttpClient ClientOf(SimulatedWorld world) => world.NewClient(("api-key", world.Sandbox.Hevy.Accounts[0].Id));
}
