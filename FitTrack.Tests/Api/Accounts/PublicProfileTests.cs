using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Api.Leaderboards;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class PublicProfileTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Tier = "F-30-39-INT";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Show_OfAnotherMember_TellsWhatIsPublicAndNothingElse()
    {
        var (member, reader) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        await api.Factory.EarnAsync(member.Id, 70, Tier);
        for (var i = 0; i < 5; i++)
            await api.Factory.EarnAsync((await api.NewMemberAsync()).Id, 10 + i, Tier);

        var profile = await reader.Client.GetJsonAsync($"/api/v1/users/{member.Id}/public");

        Assert.Equal(["badges", "displayName", "id", "rank", "streak", "tierCode", "totalPoints"], profile.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal((member.DisplayName, Tier, 1), (profile.GetProperty("displayName").GetString(), profile.GetProperty("tierCode").GetString(), profile.GetProperty("rank").GetInt32()));
        Assert.DoesNotContain(member.Email, profile.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("1990", profile.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfPartsThatTheMemberKeepsToThemselves_TellsNull()
    {
        var (member, reader) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        using var changed = await member.Client.PutJsonAsync("/api/v1/users/me/profile", new
        {
            displayName = member.DisplayName,
            biologicalSex = "female",
            fitnessLevel = "intermediate",
            shown = new { tier = false, points = false, badges = false },
        });
        Assert.False((await changed.ReadJsonAsync()).GetProperty("profile").GetProperty("shown").GetProperty("points").GetBoolean());

        var profile = await reader.Client.GetJsonAsync($"/api/v1/users/{member.Id}/public");

        Assert.Equal(member.DisplayName, profile.GetProperty("displayName").GetString());
        foreach (var part in new[] { "tierCode", "totalPoints", "badges", "streak" })
            Assert.Equal(JsonValueKind.Null, profile.GetProperty(part).ValueKind);
    }

    [Fact]
    public async Task Show_OfAMemberWhoHides_IsThereForThemselvesOnly()
    {
        var (hidden, reader) = (await api.NewMemberAsync(new MemberPlan { Visibility = ProfileVisibility.Hidden }), await api.NewMemberAsync());
        using var refused = await reader.Client.GetAsync($"/api/v1/users/{hidden.Id}/public", Ct);
        using var nobody = await reader.Client.GetAsync($"/api/v1/users/{Guid.NewGuid()}/public", Ct);
        Assert.Equal((await nobody.ReadProblemAsync(HttpStatusCode.NotFound)).Detail, (await refused.ReadProblemAsync(HttpStatusCode.NotFound)).Detail);
        Assert.Equal(hidden.DisplayName, (await hidden.Client.GetJsonAsync($"/api/v1/users/{hidden.Id}/public")).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Delete_OfAnAccountOnABoard_TakesItOffTheBoard()
    {
        var (leaver, reader) = (await api.NewMemberAsync(new MemberPlan { OpenTierOptIn = true }), await api.NewMemberAsync(new MemberPlan { OpenTierOptIn = true }));
        await api.Factory.EarnAsync(leaver.Id, 90, "OPEN");
        await api.Factory.EarnAsync(reader.Id, 10, "OPEN");
        Assert.Equal(2, (await reader.Client.GetJsonAsync("/api/v1/leaderboards/weekly")).GetProperty("rankings").GetArrayLength());

        (await leaver.Client.DeleteAsync("/api/v1/users/me", Ct)).EnsureSuccessStatusCode();

        foreach (var period in new[] { "daily", "weekly", "monthly", "alltime" })
        {
            var board = await reader.Client.GetJsonAsync($"/api/v1/leaderboards/{period}");
            Assert.Equal(reader.Id, Assert.Single(board.GetProperty("rankings").EnumerateArray()).GetProperty("userId").GetGuid());
        }
    }
}
