using Microsoft.AspNetCore.Builder;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>A <see cref="HttpHost"/> that the tests of a class share, with a database if the fixture is given the server.</summary>
public abstract class HttpHostFixture(PostgresServer? server = null) : IAsyncLifetime
{
    private TestDatabase? _database;
    private HttpHost? _host;

    public TestDatabase Database => _database ?? throw new InvalidOperationException("The fixture has no database.");

    internal HttpHost Host => _host ?? throw new InvalidOperationException("The fixture has not been initialised.");

    protected virtual (string Key, string Value)[] Settings => [("RateLimits:Reads", "1000000"), ("RateLimits:Writes", "1000000")];

    public virtual async ValueTask InitializeAsync()
    {
        if (server is not null)
            _database = await server.CreateDatabaseAsync();
        _host = await HttpHost.StartAsync(Map, _database?.ConnectionString, Settings);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
            await _host.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected abstract void Map(WebApplication app);
}
