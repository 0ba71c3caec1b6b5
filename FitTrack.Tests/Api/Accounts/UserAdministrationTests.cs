using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class UserAdministrationTests(ApiFixture api, PostgresServer server) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("1", "Sort entities by field")]
    [Scenario("1", "List entities with pagination")]
    public async Task List_WhenPaged_GivesMetadataAndNewestFirst()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var admin = await own.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        for (var i = 0; i < 3; i++)
        {
            own.Clock.Advance(TimeSpan.FromSeconds(1));
            await own.NewMemberAsync();
        }

        using var response = await admin.Client.GetAsync("/api/v1/users?page=1&per_page=2&sort=-created_at", Ct);
        var list = await response.ReadJsonAsync();
        var items = list.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, items.Count);
        Assert.Equal(own.Clock.Now, items[0].GetProperty("createdAt").GetDateTimeOffset());
        Assert.True(items[0].GetProperty("createdAt").GetDateTimeOffset() > items[1].GetProperty("createdAt").GetDateTimeOffset());
        var pagination = list.GetProperty("pagination");
        await using var db = api.OpenDb();
        var total = await db.Set<User>().CountAsync(u => u.Status != UserStatus.Deleted, Ct);
        Assert.Equal((1, 2), (pagination.GetProperty("page").GetInt32(), pagination.GetProperty("perPage").GetInt32()));
        Assert.True(pagination.GetProperty("total").GetInt32() >= 4 && pagination.GetProperty("total").GetInt32() <= total);
        Assert.True(response.Headers.Contains("X-Total-Count"));
    }

    [Fact]
    [Scenario("2", "Admin role can access admin endpoints")]
    [Scenario("2", "Admin role can access user endpoints")]
    public async Task AdminRole_OpensTheListOfAllUsersAndTheOwnAccount()
    {
        var (admin, member) = (await api.NewAdminAsync(), await api.NewMemberAsync());
        var users = await admin.Client.GetJsonAsync("/api/v1/admin/users?per_page=100&sort=-created_at");
        var ids = users.GetProperty("items").EnumerateArray().Select(u => u.GetProperty("id").GetGuid()).ToList();
        Assert.Contains(member.Id, ids);
        Assert.Contains(admin.Id, ids);
        var me = await admin.Client.GetJsonAsync("/api/v1/users/me");
        Assert.Equal((admin.Id, "admin"), (me.GetProperty("id").GetGuid(), me.GetProperty("role").GetString()));
        Assert.Equal(admin.DisplayName, me.GetProperty("profile").GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task List_WhenFiltered_KeepsOnlyMatches()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, Level = FitnessLevel.Advanced, DateOfBirth = new DateOnly(1950, 1, 1), State = "AK" });
        foreach (var query in new[] { "filter[tier]=M-60%2B-ADV", "filter[state]=AK", $"filter[email]={member.Email.ToUpperInvariant()}", $"filter[status]=active&filter[email]={member.Email}" })
        {
            var items = (await admin.Client.GetJsonAsync($"/api/v1/users?{query}")).GetProperty("items").EnumerateArray().ToList();
            Assert.True(items.Count == 1 && items[0].GetProperty("id").GetGuid() == member.Id, query);
        }

        var admins = (await admin.Client.GetJsonAsync("/api/v1/admin/users?filter[role]=admin")).GetProperty("items").EnumerateArray();
        Assert.All(admins, a => Assert.Equal("admin", a.GetProperty("role").GetString()));
        using var unknown = await admin.Client.GetAsync("/api/v1/users?filter[shoe]=8", Ct);
        await unknown.ReadInvalidAsync("filter[shoe]");
    }

    [Fact]
    public async Task List_WhenSortedByName_ListsMembersWithoutAProfileToo()
    {
        var admin = await api.NewAdminAsync();
        await api.NewMemberAsync(new MemberPlan { DisplayName = null });
        var all = await admin.Client.GetJsonAsync("/api/v1/users?sort=display_name&per_page=100");
        Assert.Contains(all.GetProperty("items").EnumerateArray(), i => i.GetProperty("displayName").ValueKind == System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [Scenario("2", "User role cannot access admin endpoints")]
    [InlineData(UserRole.User)]
    [InlineData(UserRole.Premium)]
    public async Task List_WhenCallerIsNoAdmin_Is403(UserRole role)
    {
        var member = await api.NewMemberAsync(new MemberPlan { Role = role });
        foreach (var url in new[] { "/api/v1/admin/users", "/api/v1/users", $"/api/v1/users/{member.Id}" })
        {
            using var response = await member.Client.GetAsync(url, Ct);
            Assert.Equal("Insufficient permissions", (await response.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail);
        }
    }

    [Fact]
    [Scenario("1", "Get single entity by ID")]
    public async Task Get_WhenThere_HasProfileConnectionsAndPoints()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync();
        var user = await admin.Client.GetJsonAsync($"/api/v1/users/{member.Id}");
        Assert.Equal(member.Email, user.GetProperty("email").GetString());
        Assert.Equal(member.DisplayName, user.GetProperty("profile").GetProperty("displayName").GetString());
        Assert.Empty(user.GetProperty("connections").EnumerateArray());
        Assert.Equal(0, user.GetProperty("points").GetProperty("balance").GetInt32());
        Assert.False(user.TryGetProperty("passwordHash", out _));
    }

    [Fact]
    [Scenario("1", "Entity not found returns 404")]
    public async Task Get_WhenUnknown_Is404()
    {
        var admin = await api.NewAdminAsync();
        using var response = await admin.Client.GetAsync("/api/v1/users/550e8400-e29b-41d4-a716-446655440000", Ct);
        Assert.Equal("There is no such user.", (await response.ReadProblemAsync(HttpStatusCode.NotFound)).Detail);
    }

    [Fact]
    [Scenario("1", "Update entity with valid data")]
    public async Task Put_WhenValid_ChangesTheAccountAndWritesTheAuditLog()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var admin = await own.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        var member = await own.NewMemberAsync();
        var before = await admin.Client.GetJsonAsync($"/api/v1/users/{member.Id}");
        own.Clock.Advance(TimeSpan.FromSeconds(1));

        var profile = new { displayName = member.DisplayName, biologicalSex = "female", fitnessLevel = "advanced" };
        using var response = await admin.Client.PutJsonAsync($"/api/v1/users/{member.Id}", new { role = "premium", state = "CO", profile });
        var after = await response.ReadJsonAsync();
        Assert.Equal(("premium", "CO"), (after.GetProperty("role").GetString(), after.GetProperty("state").GetString()));
        Assert.Equal("F-30-39-ADV", after.GetProperty("profile").GetProperty("tierCode").GetString());
        Assert.True(after.GetProperty("updatedAt").GetDateTimeOffset() > before.GetProperty("updatedAt").GetDateTimeOffset());

        await using var db = api.OpenDb();
        Assert.Equal(UserRole.Premium, await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.Role).SingleAsync(Ct));
        var subject = member.Id.ToString();
        var entry = await db.Set<AuditEntry>().SingleAsync(e => e.SubjectId == subject, Ct);
        Assert.Equal((admin.Id, "user.update"), (entry.ActorId, entry.Action));
        Assert.Contains("\"role\":\"user\"", entry.BeforeState, StringComparison.Ordinal);
        Assert.Contains("\"role\":\"premium\"", entry.AfterState, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WhenStaleOrInvalid_IsRefused()
    {
        var admin = await api.NewAdminAsync();
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var url = $"/api/v1/users/{member.Id}";
        using var read = await admin.Client.GetAsync(url, Ct);
        using var first = await admin.Client.PutJsonAsync(url, new { state = "CO" }, ("If-Match", read.Headers.ETag!.ToString()));
        await first.ReadJsonAsync();
        using var stale = await admin.Client.PutJsonAsync(url, new { state = "WA" }, ("If-Match", read.Headers.ETag!.ToString()));
        await stale.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
        using var taken = await admin.Client.PutJsonAsync(url, new { email = other.Email });
        Assert.Equal("Email already registered", (await taken.ReadProblemAsync(HttpStatusCode.Conflict)).Detail);
        using var invalid = await admin.Client.PutJsonAsync(url, new { email = "nobody", status = "deleted" });
        await invalid.ReadInvalidAsync("email", "status");
        using var self = await admin.Client.PutJsonAsync($"/api/v1/users/{admin.Id}", new { role = "user" });
        await self.ReadInvalidAsync("role");
        using var unknown = await admin.Client.PutJsonAsync($"/api/v1/users/{Guid.NewGuid()}", new { state = "CO" });
        await unknown.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Put_WhenSuspended_SignsTheMemberOutUntilReinstated()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync();
        using var suspended = await admin.Client.PutJsonAsync($"/api/v1/users/{member.Id}", new { status = "suspended" });
        Assert.Equal("suspended", (await suspended.ReadJsonAsync()).GetProperty("status").GetString());
        using var refused = await member.Client.GetAsync("/api/v1/users/me", Ct);
        await refused.ReadProblemAsync(HttpStatusCode.Unauthorized);
        using var login = await api.NewClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email, password = member.Password });
        Assert.Equal("Account suspended", (await login.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail);

        using var reinstated = await admin.Client.PutJsonAsync($"/api/v1/users/{member.Id}", new { status = "active" });
        await reinstated.ReadJsonAsync();
        await api.NewClient().LoginAsync(member.Email);
    }

    [Fact]
    [Scenario("1", "Delete entity (soft delete)")]
    public async Task Delete_WhenCalled_IsSoftAndGoneFromLists()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync();
        using var response = await admin.Client.DeleteAsync($"/api/v1/users/{member.Id}", Ct);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        Assert.Empty((await admin.Client.GetJsonAsync($"/api/v1/users?filter[email]={member.Email}")).GetProperty("items").EnumerateArray());
        using var gone = await admin.Client.GetAsync($"/api/v1/users/{member.Id}", Ct);
        await gone.ReadProblemAsync(HttpStatusCode.NotFound);
        using var again = await admin.Client.DeleteAsync($"/api/v1/users/{member.Id}", Ct);
        await again.ReadProblemAsync(HttpStatusCode.NotFound);
        await using var db = api.OpenDb();
        Assert.NotNull(await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.DeletedAt).SingleAsync(Ct));
        using var self = await admin.Client.DeleteAsync($"/api/v1/users/{admin.Id}", Ct);
        await self.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task AuditLog_WhenManyWriteAtOnce_StaysOneChainAndShowsTampering()
    {
        await using var database = await server.CreateDatabaseAsync(Ct);
        await using var own = new ApiFactory(database.ConnectionString);
        var admin = await own.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        var members = new List<TestMember>();
        for (var i = 0; i < 6; i++)
            members.Add(await own.NewMemberAsync());
        await Task.WhenAll(members.Select(async m =>
        {
            using var response = await admin.Client.PutJsonAsync($"/api/v1/users/{m.Id}", new { state = "CO" });
            await response.ReadJsonAsync();
        }));

        await using var scope = own.NewScope();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        await using var db = database.Open();
        Assert.Equal([1, 2, 3, 4, 5, 6], await db.Set<AuditEntry>().OrderBy(e => e.Seq).Select(e => e.Seq).ToListAsync(Ct));
        Assert.Null(await audit.FirstBrokenAsync(Ct));
        await db.Database.ExecuteSqlAsync($"ALTER TABLE audit_log DISABLE TRIGGER USER", Ct);
        await db.Set<AuditEntry>().Where(e => e.Seq == 4).ExecuteUpdateAsync(s => s.SetProperty(e => e.Action, "user.nothing"), Ct);
        Assert.Equal(4, await audit.FirstBrokenAsync(Ct));
    }
}
