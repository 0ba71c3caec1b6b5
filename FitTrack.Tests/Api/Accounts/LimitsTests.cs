using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class LimitsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Url = "/api/v1/users/me/limits";

    [Fact]
    public async Task Put_WhenLimitIsLower_HoldsAtOnceAndAHigherOneAfterADay()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        Assert.Equal(JsonValueKind.Null, (await member.Client.GetJsonAsync(Url)).GetProperty("weeklySpendingLimit").ValueKind);
        Assert.Equal(500, Limit(await PutAsync(member, new { weeklySpendingLimit = 500 })));
        Assert.Equal(200, Limit(await PutAsync(member, new { weeklySpendingLimit = 200 })));

        var raised = await PutAsync(member, new { weeklySpendingLimit = 900 });
        Assert.Equal((200, 900), (Limit(raised), raised.GetProperty("pendingSpendingLimit").GetInt32()));
        Assert.Equal(own.Clock.Now.AddDays(1), raised.GetProperty("pendingFrom").GetDateTimeOffset());
        own.Clock.Advance(TimeSpan.FromHours(23));
        var again = await PutAsync(await SignedInAnewAsync(own, member), new { weeklySpendingLimit = 900 });
        Assert.Equal(200, Limit(again));
        own.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(900, Limit(await (await SignedInAnewAsync(own, member)).Client.GetJsonAsync(Url)));
    }

    [Fact]
    public async Task Put_WhenRaiseIsTakenBack_NothingWaits()
    {
        var member = await api.NewMemberAsync();
        await PutAsync(member, new { weeklySpendingLimit = 200 });
        await PutAsync(member, new { weeklySpendingLimit = 900 });
        var back = await PutAsync(member, new { weeklySpendingLimit = 200 });
        Assert.Equal((200, JsonValueKind.Null), (Limit(back), back.GetProperty("pendingFrom").ValueKind));
    }

    [Fact]
    public async Task Put_WhenAPauseIsTaken_CannotBeShortened()
    {
        var member = await api.NewMemberAsync();
        var until = api.Clock.Now.AddDays(7);
        Assert.Equal(until, (await PutAsync(member, new { coolOffUntil = until })).GetProperty("coolOffUntil").GetDateTimeOffset());
        using var shorter = await member.Client.PutJsonAsync(Url, new { coolOffUntil = until.AddDays(-1) });
        await shorter.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(until, (await PutAsync(member, new { })).GetProperty("coolOffUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task Put_WhenExcludedForGood_CannotBeShortened()
    {
        var member = await api.NewMemberAsync();
        var excluded = await PutAsync(member, new { selfExclusion = new { } });
        Assert.True(excluded.GetProperty("selfExcluded").GetBoolean());
        Assert.Equal(JsonValueKind.Null, excluded.GetProperty("selfExcludedUntil").ValueKind);
        using var shorter = await member.Client.PutJsonAsync(Url, new { selfExclusion = new { until = api.Clock.Now.AddYears(1) } });
        await shorter.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"weeklySpendingLimit":-1}""", "weeklySpendingLimit")]
    [InlineData("""{"coolOffUntil":"2020-01-01T00:00:00Z"}""", "coolOffUntil")]
    [InlineData("""{"coolOffUntil":"9999-01-01T00:00:00Z"}""", "coolOffUntil")]
    [InlineData("""{"selfExclusion":{"until":"2020-01-01T00:00:00Z"}}""", "selfExclusion.until")]
    public async Task Put_WhenAFieldIsBad_Is422(string body, string field)
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.PutAsync(Url, JsonHelpers.Body(body), TestContext.Current.CancellationToken);
        await response.ReadInvalidAsync(field);
    }

    private static int? Limit(JsonElement limits) => limits.GetProperty("weeklySpendingLimit").Deserialize<int?>();

    private static async Task<TestMember> SignedInAnewAsync(ApiFactory factory, TestMember member)
    {
        var (access, _) = await factory.CreateClient().LoginAsync(member.Email);
        member.Client.DefaultRequestHeaders.Authorization = new("Bearer", access);
        return member;
    }

    private static async Task<JsonElement> PutAsync(TestMember member, object limits)
    {
        using var response = await member.Client.PutJsonAsync(Url, limits);
        return await response.ReadJsonAsync();
    }
}
