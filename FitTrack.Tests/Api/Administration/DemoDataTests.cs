using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using FitTrack.Api.Administration;
using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings;
using FitTrack.Core.Points;
using FitTrack.Core.Reports;
using FitTrack.Core.Security;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace FitTrack.Tests.Api.Administration;

/// <summary>Demo data by HTTP: in Development only, for administrators only, with progress for whoever watches.</summary>
public sealed class DemoDataTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ApiFactory _factory = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync(Ct);
        _factory = NewFactory("Development");
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    [Scenario("1", "Database seeding generates complete test data")]
    public async Task Seed_WhenTheDatabaseIsEmpty_BringsEverythingThereIsAndTellsItsProgress()
    {
        using var admin = SignedIn(_factory, "admin");

        var events = await WatchAsync(admin, "/api/v1/admin/seed", new { users = 40, activities = 120, drawings = 12 });

        Assert.Equal(["members", "events"], events.Select(e => e.Step).OfType<string>().Distinct(StringComparer.Ordinal));
        var counts = events[^1].Counts!.ToDictionary(c => c.Entity, c => c.Count, StringComparer.Ordinal);
        Assert.Equal((40, 12), (counts["users"], counts["drawings"]));
        foreach (var entity in new[] { "profiles", "activities", "point_transactions", "tickets", "sponsors", "drawing_prizes", "fulfillments", "leaderboard_scores" })
            Assert.True(counts[entity] > 0, $"No rows in {entity}.");

        await using var db = _database.Open();
        var roles = await db.Set<User>().GroupBy(u => u.Role).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, Ct);
        Assert.Equal(Enum.GetValues<UserRole>().Order(), roles.Keys.Order());
        Assert.True(roles[UserRole.Admin] >= 3, $"Only {roles[UserRole.Admin]} administrators.");
        Assert.Empty(TierCode.All.Select(t => t.Value).Except(await db.Set<Profile>().Select(p => p.TierCode!).Distinct().ToListAsync(Ct)));
        Assert.True(await db.Set<ProviderConnection>().Select(c => c.Provider).Distinct().CountAsync(Ct) >= 3, "Too few trackers.");
        Assert.Equal(Enum.GetValues<PointTransactionType>().Order(), (await db.Set<PointTransaction>().Select(t => t.Type).Distinct().ToListAsync(Ct)).Order());
        Assert.Equal(Enum.GetValues<DrawingStatus>().Order(), (await db.Set<Drawing>().Select(d => d.Status).Distinct().ToListAsync(Ct)).Order());
        Assert.True(await db.Set<Ticket>().Select(t => t.DrawingId).Distinct().CountAsync(Ct) > 1, "Tickets of one drawing only.");
        await using var scope = _factory.NewScope();
        var integrity = await scope.ServiceProvider.GetRequiredService<SystemReports>().CheckAsync(Ct);
        Assert.True(integrity.Ok, integrity.ToString());

        using var again = await admin.PostJsonAsync("/api/v1/admin/seed", new { users = 1 });
        Assert.Contains("/admin/reset", (await again.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Scenario("1", "Database reset returns to clean state")]
    public async Task Reset_WhenThereIsData_DropsAllOfItAndBeginsAnew()
    {
        var before = await _factory.NewMemberAsync();
        Guid ring;
        await using (var old = _database.Open())
        {
            await old.Database.ExecuteSqlAsync($"CREATE TABLE left_over (id int)", Ct);
            ring = await old.Set<DataProtectionKey>().Select(k => k.Id).SingleAsync(Ct);
        }

        using var admin = SignedIn(_factory, "admin");

        var events = await WatchAsync(admin, "/api/v1/admin/reset", new { users = 2, activities = 0, drawings = 0 });

        Assert.Equal(["schema", "members"], events.Select(e => e.Step).OfType<string>().Distinct(StringComparer.Ordinal).Take(2));
        Assert.Equal(2, events[^1].Counts!.Single(c => c.Entity == "users").Count);
        await using var db = _database.Open();
        Assert.False(await db.Set<User>().AnyAsync(u => u.Id == before.Id, Ct));
        Assert.Equal(ring, await db.Set<DataProtectionKey>().Select(k => k.Id).SingleAsync(Ct));
        Assert.Equal(0, await db.Database.SqlQuery<int>($"SELECT COUNT(*)::int AS \"Value\" FROM pg_tables WHERE tablename = 'left_over'").SingleAsync(Ct));
        using var anew = await admin.PostJsonAsync("/api/v1/admin/reset", new { users = 1, activities = 0, drawings = 0 });
        var counts = (await anew.ReadJsonAsync()).GetProperty("counts").EnumerateArray();
        Assert.Equal(1, counts.Single(c => c.GetProperty("entity").GetString() == "users").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Seed_WhenThereAreMembersButNoAdmin_IsOpenOnceAndKeepsThem()
    {
        var early = await _factory.NewMemberAsync();
        using var nobody = _factory.CreateClient();

        using var seeded = await nobody.PostJsonAsync("/api/v1/admin/seed", new { users = 2, activities = 10, drawings = 0 });

        var counts = (await seeded.ReadJsonAsync()).GetProperty("counts").EnumerateArray();
        Assert.Equal(3, counts.Single(c => c.GetProperty("entity").GetString() == "users").GetProperty("count").GetInt32());
        await using (var db = _database.Open())
            Assert.True(await db.Set<User>().AnyAsync(u => u.Id == early.Id, Ct));
        using var again = await nobody.PostJsonAsync("/api/v1/admin/seed", new { users = 2 });
        await again.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Both_WhenTheCallerIsNoAdminOrTheNumbersAreImpossible_AreRefused()
    {
        await _factory.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        using var anonymous = _factory.CreateClient();
        using var member = SignedIn(_factory, "premium");
        using var admin = SignedIn(_factory, "admin");
        foreach (var url in new[] { "/api/v1/admin/seed", "/api/v1/admin/reset" })
        {
            using var nobody = await anonymous.PostJsonAsync(url, new { users = 1 });
            await nobody.ReadProblemAsync(HttpStatusCode.Unauthorized);
            using var refused = await member.PostJsonAsync(url, new { users = 1 });
            await refused.ReadProblemAsync(HttpStatusCode.Forbidden);
            using var tooMany = await admin.PostJsonAsync(url, new { users = 10_001 });
            Assert.Contains("10,000", (await tooMany.ReadProblemAsync(HttpStatusCode.UnprocessableEntity)).Errors![0].Message, StringComparison.Ordinal);
        }

        await using var db = _database.Open();
        Assert.Equal(1, await db.Set<User>().CountAsync(Ct));
    }

    [Fact]
    public async Task Both_OutsideDevelopment_DoNotExist()
    {
        await using var elsewhere = NewFactory("Testing");
        using var admin = SignedIn(elsewhere, "admin");
        foreach (var url in new[] { "/api/v1/admin/seed", "/api/v1/admin/reset" })
        {
            using var response = await admin.PostJsonAsync(url, new { users = 1 });
            await response.ReadProblemAsync(HttpStatusCode.NotFound);
        }
    }

    private ApiFactory NewFactory(string environment) => new(_database.ConnectionString)
    {
        EnvironmentName = environment,
        Register = { services => services.Replace(ServiceDescriptor.Singleton(TestTokens.Keys)) },
    };

    /// <summary>Somebody whose token outlives the account behind it, as after a reset.</summary>
    private static HttpClient SignedIn(ApiFactory factory, string role)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.For(Guid.NewGuid(), factory.Clock.Now, role));
        return client;
    }

    private static async Task<List<DemoDataEvent>> WatchAsync(HttpClient client, string url, object body)
    {
        using var response = await client.PostJsonAsync(url, body, ("Accept", "text/event-stream"));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(Ct);
        var events = await SseParser.Create(stream, (type, data) => (Type: type, Event: global::System.Text.Json.JsonSerializer.Deserialize<DemoDataEvent>(data, JsonHelpers.Json)!))
            .EnumerateAsync(Ct).Select(item => item.Data).ToListAsync(Ct);
        Assert.All(events[..^1], e => Assert.True(e is { Type: "progress", Event: { Step: not null, Counts: null } } && e.Event.Done <= e.Event.Total));
        Assert.Equal("done", events[^1].Type);
        return events.ConvertAll(e => e.Event);
    }
}
