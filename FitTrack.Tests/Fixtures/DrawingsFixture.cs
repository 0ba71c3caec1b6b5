using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>A signed-in member, made without the hashing and mailing of a registration.</summary>
public sealed record Entrant(Guid Id, HttpClient Client) : IDisposable
{
    public void Dispose() => Client.Dispose();
}

/// <summary>A database and an Api with what tests of drawings need: members with points, and drawings in any state.</summary>
public sealed class DrawingsFixture(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase? _database;
    private ApiFactory? _factory;
    private Entrant? _admin;
    private int _members;

    /// <summary>More registrations, before the fixture is initialised.</summary>
    public Action<IServiceCollection>? Configure { get; set; }

    /// <summary>Another clock, before the fixture is initialised.</summary>
    public TestClock? OwnClock { get; set; }

    public ApiFactory Factory => _factory ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public Entrant Admin => _admin ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public TestClock Clock => Factory.Clock;

    /// <summary>What the Api, and jobs run in it, have logged.</summary>
    public LogRecorder Logs { get; } = new();

    public FitTrackDbContext OpenDb() => _database!.Open();

    public HttpClient Anonymous() => Factory.CreateClient();

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _factory = new ApiFactory(_database.ConnectionString, OwnClock);
        // Tokens that outlive the days by which these tests move the clock; everything else about them is as in production.
        _factory.Register.Add(services => services.Replace(ServiceDescriptor.Singleton(TestTokens.Keys)));
        _factory.Register.Add(services => services.AddLogging(logging => logging.AddProvider(Logs)));
        if (Configure is not null) _factory.Register.Add(Configure);
        _admin = await NewMemberAsync(role: UserRole.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        if (_factory is not null) await _factory.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Logs.Dispose();
    }

    /// <param name="points">Points to begin with.</param>
    /// <param name="change">What else is to be stored about the member.</param>
    public async Task<Entrant> NewMemberAsync(
        long points = 0, UserRole role = UserRole.User, string state = "CA", bool verified = true, TimeSpan? accountAge = null, Action<FitTrackDbContext, User>? change = null)
    {
        var number = Interlocked.Increment(ref _members);
        Assert.True(EmailAddress.TryParse($"member{number}@example.com", out var email));
        var joined = Clock.Now - (accountAge ?? TimeSpan.FromDays(100));
        var user = User.Register(email, "$2b$12$unused", new DateOnly(1990, 5, 17), state, joined);
        if (verified) user.VerifyEmail(joined);
        user.ChangeRole(role, joined);
        Assert.True(DisplayName.TryParse($"Member {number}", out var name));
        await using var scope = Factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        db.Add(user);
        db.Add(Profile.Create(user.Id, new ProfileDetails(name, null, FitnessLevel.Beginner, "America/New_York", true, ProfileVisibility.Public), user.DateOfBirth, DateOnly.FromDateTime(joined.UtcDateTime), joined));
        change?.Invoke(db, user);
        await db.SaveChangesAsync();
        if (points > 0) await GiveAsync(scope.ServiceProvider, user.Id, points);
        return new Entrant(user.Id, SignedIn(user.Id, role));
    }

    public HttpClient SignedIn(Guid member, UserRole role = UserRole.User)
    {
        var client = Factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.For(member, Clock.Now, Naming.Snake(role.ToString()), TimeSpan.FromDays(400)));
        return client;
    }

    /// <summary>A client with a session that has just begun, for what asks for a recent sign-in.</summary>
    public async Task<HttpClient> SignInAsync(Guid member)
    {
        var session = UserSession.Start(member, new ClientInfo(null, null), Clock.Now, Clock.Now.AddDays(7));
        await using var db = OpenDb();
        db.Add(session);
        await db.SaveChangesAsync();
        var client = Factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.For(member, Clock.Now, lifetime: TimeSpan.FromDays(400), session: session.Id));
        return client;
    }

    public async Task<long> BalanceAsync(Guid member)
    {
        await using var db = OpenDb();
        return (await db.FindAsync<PointBalance>(member))?.Balance ?? 0;
    }

    /// <summary>What an administrator would send: draws in two hours, closes five minutes before, opens now.</summary>
    public Dictionary<string, object?> Terms(params (string Name, object? Value)[] changes)
    {
        var terms = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = "Daily Drawing",
            ["type"] = "daily",
            ["ticketPrice"] = 100,
            ["opensAt"] = Clock.Now,
            ["salesCloseAt"] = Clock.Now.AddMinutes(115),
            ["drawAt"] = Clock.Now.AddHours(2),
            ["prizes"] = new[] { new { rank = 1, name = "$50 Amazon Gift Card", valueCents = 5000 } },
        };
        foreach (var (name, value) in changes) terms[name] = value;
        return terms;
    }

    /// <param name="until">The state to bring it to: draft, scheduled or open.</param>
    public async Task<Guid> NewDrawingAsync(string until = "open", params (string Name, object? Value)[] changes)
    {
        using var created = await Admin.Client.PostJsonAsync("/api/v1/admin/drawings", Terms(changes));
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        if (until is "scheduled" or "open") await StepAsync(id, "schedule");
        if (until is "open") await StepAsync(id, "open");
        return id;
    }

    public async Task<JsonElement> StepAsync(Guid drawing, string step, object? body = null)
    {
        using var response = await Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/{step}", body);
        return await response.ReadJsonAsync();
    }

    /// <summary>Lets the member win a prize in a drawing of its own; answers the fulfilment's id.</summary>
    public async Task<Guid> WinAsync(Entrant winner, object prize)
    {
        var drawing = await NewDrawingAsync(changes: ("prizes", new[] { prize }));
        (await winner.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        await StepAsync(drawing, "close");
        await StepAsync(drawing, "execute");
        var items = (await winner.Client.GetJsonAsync($"/api/v1/fulfillments?filter[drawing_id]={drawing}")).GetProperty("items");
        return Assert.Single(items.EnumerateArray()).GetProperty("id").GetGuid();
    }

    public async Task<DuePass> RunDueAsync()
    {
        await using var scope = Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<RunDueDrawings>().RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Changes rows as somebody would who can switch the database's guards off.</summary>
    /// <param name="sql">With <c>{0}</c> for the drawing.</param>
    public async Task TamperAsync(string sql, Guid drawing)
    {
        await using var db = OpenDb();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync("SET LOCAL session_replication_role = replica");
        Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(sql, drawing));
        await transaction.CommitAsync();
    }

    /// <summary>Until a statement waits for a lock on <paramref name="table"/> that the test holds.</summary>
    public async Task UntilSomebodyWaitsForAsync(string table)
    {
        await using var db = OpenDb();
        await Until.HoldsAsync($"somebody who waits for {table}", () => db.Database
            .SqlQuery<bool>($"""SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = {table}::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "Value" """)
            .SingleAsync(TestContext.Current.CancellationToken));
    }

    private static async Task GiveAsync(IServiceProvider services, Guid member, long points)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await services.GetRequiredService<Ledger>().AppendAsync(LedgerEntry.Adjust(member, points, "test", Guid.NewGuid().ToString(), "To begin with"), CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
