using FitTrack.Core.Data;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// What most Api tests want: <c>public sealed class XTests(ApiFixture api) : IClassFixture&lt;ApiFixture&gt;</c>. One database and one
/// Api a class; the classes run in parallel.
/// </summary>
public class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase? _database;
    private ApiFactory? _factory;

    public TestDatabase Database => _database ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public ApiFactory Factory => _factory ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public TestClock Clock => Factory.Clock;

    /// <summary>A client without sign-in, and without following redirects.</summary>
    public HttpClient NewClient() => Factory.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });

    /// <summary>A context of the test's own on the class's database.</summary>
    public FitTrackDbContext OpenDb() => Database.Open();

    public virtual async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _factory = new ApiFactory(_database.ConnectionString, NewClock());
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_factory is not null)
            await _factory.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>The clock of a fixture that wants its own.</summary>
    protected virtual TestClock? NewClock() => null;
}
