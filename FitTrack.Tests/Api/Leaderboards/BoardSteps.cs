using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Api.Leaderboards;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

/// <summary>What the leaderboard tests do to boards and how they read them.</summary>
internal static class BoardSteps
{
    /// <summary>The Api's JSON, and nothing missing or beyond: the answer's shape is part of the contract.</summary>
    private static readonly JsonSerializerOptions Exact = new(JsonHelpers.Json)
    {
        UnmappedMemberHandling = global::System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Points as the ledger's transaction writes them, today by the Api's clock unless another day is given.</summary>
    public static Task EarnAsync(this ApiFactory factory, Guid member, long points, string tier = "M-30-39-INT", DateOnly? day = null) => factory.EarnAsync([member], points, tier, day);

    /// <summary>Many at once: the first gets the most, each next one point less.</summary>
    public static async Task EarnAsync(this ApiFactory factory, IReadOnlyList<Guid> members, long most, string tier = "M-30-39-INT", DateOnly? day = null)
    {
        await using var scope = factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var scored = day ?? scope.ServiceProvider.GetRequiredService<CompetitionCalendar>().DayOf(factory.Clock.Now);
        var changes = members.Select((member, i) => new ScoreChange(member, tier, scored, most - i, factory.Clock.Now)).ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await scope.ServiceProvider.GetRequiredService<ScoreBoard>().AddRangeAsync(changes, TestContext.Current.CancellationToken);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<LeaderboardAnswer> GetBoardAsync(this TestMember member, string path) =>
        (await member.Client.GetJsonAsync($"/api/v1/leaderboards/{path}")).Deserialize<LeaderboardAnswer>(Exact)!;

    /// <summary>Moves time on. Days later the access token has expired: the member signs in again.</summary>
    public static async Task<TestMember> AtAsync(this ApiFactory factory, TestMember member, string time)
    {
        factory.Clock.MoveTo(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        var (access, _) = await member.Client.LoginAsync(member.Email);
        member.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return member with { AccessToken = access };
    }
}
