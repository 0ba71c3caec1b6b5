using System.Threading.Channels;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Data.Messaging;

/// <summary>Two processes' worth of services on one database.</summary>
public sealed class PostgresBusTests(PostgresServer server) : IAsyncLifetime
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private TestDatabase _database = null!;
    private IHost _here = null!;
    private IHost _there = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        (_here, _there) = (Build(), Build());
        Bus(_there).Subscribe("topic", key => _heard.Writer.TryWrite(key), () => _heard.Writer.TryWrite("(reset)"));
        await _here.StartAsync(Ct);
        await _there.StartAsync(Ct);
        Assert.Equal("(reset)", await NextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _here.StopAsync(CancellationToken.None);
        await _there.StopAsync(CancellationToken.None);
        _here.Dispose();
        _there.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Publish_WhenAnotherProcessListens_IsHeardThere()
    {
        Bus(_here).Publish("topic", "größe");

        Assert.Equal("größe", await NextAsync());
        Assert.Equal("postgres", Bus(_there).Status.Transport);
    }

    [Fact]
    public async Task Publish_WhenMoreThanOnePayloadFits_AllOfItArrives()
    {
        var keys = Enumerable.Range(0, 400).Select(i => $"{i}-{new string('x', 150)}").ToList();
        keys.ForEach(key => Bus(_here).Publish("topic", key));

        var heard = new HashSet<string>(StringComparer.Ordinal);
        while (heard.Count < keys.Count)
            heard.Add(await NextAsync());

        Assert.True(heard.SetEquals(keys));
    }

    [Fact]
    public async Task Publish_WhenTheConnectionsAreKilled_ListenersAreResetAndHearAgain()
    {
        await using (var db = _database.Open())
            await db.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", Ct);

        Assert.Equal("(reset)", await NextAsync());
        Bus(_here).Publish("topic", "after");

        Assert.Equal("after", await NextAsync());
    }

    [Fact]
    public async Task PublishOnCommit_WhenTheTransactionCommits_IsHeardOnlyThen()
    {
        await using var scope = _here.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        await using (var transaction = await db.Database.BeginTransactionAsync(Ct))
        {
            Bus(_here).PublishOnCommit(db, "topic", "in a transaction");
            Bus(_here).Publish("topic", "meanwhile");
            Assert.Equal("meanwhile", await NextAsync());
            await transaction.CommitAsync(Ct);
        }

        Assert.Equal("in a transaction", await NextAsync());
    }

    [Fact]
    public async Task PublishOnCommit_WhenRolledBackOrLeft_IsNeverHeard()
    {
        await using var scope = _here.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        await using (var transaction = await db.Database.BeginTransactionAsync(Ct))
        {
            Bus(_here).PublishOnCommit(db, "topic", "rolled back");
            await transaction.RollbackAsync(Ct);
        }

        await using (await db.Database.BeginTransactionAsync(Ct))
            Bus(_here).PublishOnCommit(db, "topic", "left");
        await using (var transaction = await db.Database.BeginTransactionAsync(Ct))
        {
            Bus(_here).PublishOnCommit(db, "topic", "kept");
            await transaction.CommitAsync(Ct);
        }

        Assert.Equal("kept", await NextAsync());
    }

    [Fact]
    public async Task PublishOnCommit_WhenThereIsNoTransaction_LeavesAtOnce()
    {
        await using var scope = _here.Services.CreateAsyncScope();
        Bus(_here).PublishOnCommit(scope.ServiceProvider.GetRequiredService<FitTrackDbContext>(), "topic", "at once");

        Assert.Equal("at once", await NextAsync());
    }

    private static IMessageBus Bus(IHost host) => host.Services.GetRequiredService<IMessageBus>();

    private async Task<string> NextAsync() => await _heard.Reader.ReadAsync(Ct);

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:fittrack"] = _database.ConnectionString,
            ["Messaging:Window"] = "00:00:00.020",
            ["Messaging:FirstBackoff"] = "00:00:00.050",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddFitTrackDatabase();
        builder.Services.AddMetrics().AddMessaging();
        return builder.Build();
    }
}
