using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class DatabaseRegistrationTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_WhenDatabaseAnswers_TellsItsVersion()
    {
        await using var database = await server.CreateEmptyDatabaseAsync(Ct);
        using var host = Build(("Database:Provider", "postgres"), ("ConnectionStrings:fittrack", database.ConnectionString));

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);

        var entry = report.Entries["database"];
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal("postgres", entry.Data["provider"]);
        Assert.Matches(@"^\d+(\.\d+)?", Assert.IsType<string>(entry.Data["version"]));
    }

    [Fact]
    public async Task Health_WhenNobodyListens_IsUnhealthyInWords()
    {
        using var host = Build(("Database:Provider", "Postgres"), ("ConnectionStrings:fittrack", "Host=127.0.0.1;Port=1;Username=nobody;Password=hidden-secret;Timeout=2"));

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["database"].Status);
        Assert.Equal("The database cannot be reached.", report.Entries["database"].Description);
    }

    [Fact]
    public async Task Contexts_WhenTakenInTurn_AreReused()
    {
        await using var database = await server.CreateEmptyDatabaseAsync(Ct);
        using var host = Build(("Database:Provider", "Postgres"), ("ConnectionStrings:fittrack", database.ConnectionString));
        FitTrackDbContext first;
        using (var scope = host.Services.CreateScope())
            first = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        using var next = host.Services.CreateScope();

        Assert.Same(first, next.ServiceProvider.GetRequiredService<FitTrackDbContext>());
    }

    [Fact]
    public void Connection_WhenNothingElseIsSaid_PreparesAndNamesItself()
    {
        using var host = Build(("Database:Provider", "Postgres"), ("Database:CommandTimeout", "7"), ("ConnectionStrings:fittrack", "Host=db"));

        var settings = SettingsOf(host);

        Assert.Equal((200, 7, "fittrack"), (settings.MaxAutoPrepare, settings.CommandTimeout, settings.ApplicationName));
    }

    [Fact]
    public void Connection_WhenItsStringSaysOtherwise_FollowsIt()
    {
        using var host = Build(("Database:Provider", "Postgres"), ("ConnectionStrings:fittrack", "Host=db;Max Auto Prepare=0;Command Timeout=99;Application Name=seed"));

        var settings = SettingsOf(host);

        Assert.Equal((0, 99, "seed"), (settings.MaxAutoPrepare, settings.CommandTimeout, settings.ApplicationName));
    }

    [Fact]
    public void Provider_WhenUnknown_IsNamedInTheError()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Build(("Database:Provider", "MySql")));

        Assert.Equal("Database:Provider is 'MySql'; it can be Oracle or Postgres.", failure.Message);
    }

    [Fact]
    public void Connection_WhenNotConfigured_IsNamedInTheError()
    {
        using var host = Build(("Database:Provider", "Postgres"));
        using var scope = host.Services.CreateScope();

        var failure = Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<FitTrackDbContext>());

        Assert.Equal("ConnectionStrings:fittrack is not set; it names the PostgreSQL database.", failure.Message);
    }

    internal static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.AddFitTrackDatabase();
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(IHost host)
    {
        using var scope = host.Services.CreateScope();
        return new NpgsqlConnectionStringBuilder(scope.ServiceProvider.GetRequiredService<FitTrackDbContext>().Database.GetConnectionString());
    }
}
