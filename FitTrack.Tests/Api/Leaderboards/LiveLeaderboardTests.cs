using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

/// <summary>Each test listens to a tier that nobody else uses.</summary>
public sealed class LiveLeaderboardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_WhenMembersEarn_TellsOnceASecondWhatTheBoardIsThen()
    {
        const string tier = "F-18-29-INT";
        var me = await api.NewMemberAsync();
        var others = await api.Database.AddMembersAsync(6, api.Clock.Now);
        using var stream = await ListenAsync(me, $"tier={tier}&kind=daily");

        var empty = await stream.NextAsync();
        foreach (var (member, points) in others.Select((m, i) => (m, 100L + i)))
            await api.Factory.EarnAsync(member, points, tier);
        api.Clock.Advance(Second);
        var full = await stream.NextAsync();

        Assert.Equal((0, "daily", tier), (Members(empty), empty.Data.GetProperty("period").GetString(), empty.Data.GetProperty("tier").GetString()));
        Assert.Equal("board", full.Type);
        Assert.Equal(6, Members(full));
        Assert.Equal(others.AsEnumerable().Reverse(), full.Data.GetProperty("rankings").EnumerateArray().Select(r => r.GetProperty("userId").GetGuid()));
        Assert.False(full.Data.TryGetProperty("me", out _));
    }

    [Fact]
    public async Task Live_WhenResumed_TellsOnlyWhatIsNew()
    {
        const string tier = "F-40-49-INT";
        var me = await api.NewMemberAsync();
        var others = await api.Database.AddMembersAsync(5, api.Clock.Now);
        await api.Factory.EarnAsync(others, 50, tier);
        string first;
        using (var stream = await ListenAsync(me, $"tier={tier}"))
            first = (await stream.NextAsync()).Id;
        using var resumed = await ListenAsync(me, $"tier={tier}", first);

        await api.Factory.EarnAsync(others[4], 100, tier);
        api.Clock.Advance(Second);
        var next = await resumed.NextAsync();

        Assert.NotEqual(first, next.Id);
        Assert.Equal(others[4], next.Data.GetProperty("rankings")[0].GetProperty("userId").GetGuid());
    }

    [Fact]
    public async Task Live_WhenFiveMinutesHavePassed_Ends()
    {
        var me = await api.NewMemberAsync();
        using var stream = await ListenAsync(me, "tier=F-60%2B-INT");
        await stream.NextAsync();

        api.Clock.Advance(TimeSpan.FromMinutes(5));

        await stream.EndAsync();
    }

    [Theory]
    [InlineData("tier=X-30-39-INT", "tier")]
    [InlineData("tier=OPEN&kind=hourly", "kind")]
    [InlineData("tier=none&kind=hourly", "kind", "tier")]
    public async Task Live_WhenAParameterIsWrong_NamesIt(string query, params string[] fields)
    {
        var me = await api.NewMemberAsync();
        using var response = await me.Client.GetAsync($"/api/v1/leaderboards/live?{query}", Ct);

        await response.ReadInvalidAsync(fields);
    }

    [Fact]
    public async Task Live_WhenNotSignedIn_Is401()
    {
        using var client = api.NewClient();
        using var response = await client.GetAsync("/api/v1/leaderboards/live?tier=OPEN", Ct);

        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    private static int Members(Heard heard) => heard.Data.GetProperty("totalMembers").GetInt32();

    private static async Task<Listening> ListenAsync(TestMember member, string query, string? heard = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/leaderboards/live?{query}");
        if (heard is not null)
            request.Headers.Add("Last-Event-ID", heard);
        var response = await member.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new Listening(response, SseParser.Create(await response.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct).GetAsyncEnumerator(Ct));
    }

    private sealed record Heard(string Type, string Id, JsonElement Data);

    private sealed class Listening(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) : IDisposable
    {
        public async Task<Heard> NextAsync()
        {
            Assert.True(await events.MoveNextAsync());
            return new Heard(events.Current.EventType, events.Current.EventId!, JsonDocument.Parse(events.Current.Data).RootElement);
        }

        /// <summary>Waits for the end; comments may come before it.</summary>
        public async Task EndAsync() => Assert.False(await events.MoveNextAsync());

        public void Dispose() => response.Dispose();
    }
}
