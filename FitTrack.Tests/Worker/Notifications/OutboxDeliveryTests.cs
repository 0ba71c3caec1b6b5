using System.Collections.Concurrent;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace FitTrack.Tests.Worker.Notifications;

public sealed class OutboxDeliveryTests(PostgresServer server) : IAsyncLifetime
{
    private readonly StubSender _sender = new();
    private TestDatabase? _database;
    private ApiFactory? _factory;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ApiFactory Factory => _factory!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync(Ct);
        _factory = NewFactory();
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
            await _factory.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Run_WhenMailsWait_SendsEachOnce()
    {
        var member = await Factory.NewMemberAsync();
        var (first, second) = await (RunAsync(), RunAsync()).WhenBoth();
        Assert.Equal(1, first.Sent + second.Sent);
        var mail = Assert.Single(_sender.Sent);
        Assert.Equal((member.Email, "Verify your e-mail address"), (mail.To, mail.Subject));
        Assert.Contains("verify-email?token=", mail.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync()).Total);
    }

    [Fact]
    public async Task Run_WhenSendingFails_RetriesWithBackoffAndAtLastGivesUp()
    {
        Factory.Settings["Mail:MaxAttempts"] = "3";
        await Factory.NewMemberAsync();
        _sender.Answer = _ => new SendOutcome.TryLater("The server is away.");
        Assert.Equal(1, (await RunAsync()).Postponed);
        Assert.Equal(0, (await RunAsync()).Total);
        Factory.Clock.Advance(TimeSpan.FromSeconds(34));
        Assert.Equal(1, (await RunAsync()).Postponed);
        Factory.Clock.Advance(TimeSpan.FromSeconds(67));
        Assert.Equal(1, (await RunAsync()).GivenUp);

        var message = await MessageAsync();
        Assert.Equal((3, "The server is away."), (message.Attempts, message.LastError));
        Assert.NotNull(message.DeadAt);
        Factory.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, (await RunAsync()).Total);
    }

    [Fact]
    public async Task Run_WhenOneMailThrows_SendsTheOthers()
    {
        var (bad, good) = (await Factory.NewMemberAsync(), await Factory.NewMemberAsync());
        _sender.Answer = m => m.To == bad.Email ? throw new IOException("disk full") : new SendOutcome.Sent();
        var pass = await RunAsync();
        Assert.Equal((1, 1), (pass.Sent, pass.Postponed));
        Assert.Equal(good.Email, Assert.Single(_sender.Sent).To);
    }

    [Fact]
    public async Task Run_WhenAccountIsClosedOrTypeUnknown_GivesUpAtOnce()
    {
        var member = await Factory.NewMemberAsync();
        await using (var scope = Factory.NewScope())
        {
            scope.ServiceProvider.GetRequiredService<Outbox>().Enqueue("carrier_pigeon", member.Id, new { }, "pigeon");
            await scope.ServiceProvider.GetRequiredService<FitTrackDbContext>().SaveChangesAsync(Ct);
        }

        Assert.Equal(1, (await RunAsync()).GivenUp);
        var closing = await Factory.NewMemberAsync();
        using var response = await closing.Client.DeleteAsync("/api/v1/users/me", Ct);
        Assert.Equal(1, (await RunAsync()).GivenUp);
        Assert.Equal([member.Email], _sender.Sent.Select(m => m.To));
    }

    [Fact]
    public async Task Run_WhenAClaimantDied_SendsAfterItsLease()
    {
        await Factory.NewMemberAsync();
        var now = Factory.Clock.Now;
        await using (var db = _database!.Open())
        {
            await db.Set<OutboxMessage>().ExecuteUpdateAsync(
                s => s.SetProperty(m => m.LeaseUntil, now.AddMinutes(2)).SetProperty(m => m.LeaseOwner, "dead").SetProperty(m => m.Fencing, 1), Ct);
        }

        Assert.Equal(0, (await RunAsync()).Total);
        Factory.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, (await RunAsync()).Sent);
    }

    [Fact]
    public async Task Worker_WhenAMailIsCommitted_WakesAndSendsIt()
    {
        Factory.Register.Add(services => services.AddHostedService<OutboxWorker>());
        var member = await Factory.NewMemberAsync();
        await _sender.FirstSent.WaitAsync(Until.Patience, Ct);
        Assert.Equal(member.Email, _sender.Sent.First().To);
    }

    [Fact]
    public async Task Enqueue_WhenTheKeyIsKnown_FailsTheSave()
    {
        var member = await Factory.NewMemberAsync();
        await using var scope = Factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        for (var i = 0; i < 2; i++)
            scope.ServiceProvider.GetRequiredService<Outbox>().Enqueue(MailTypes.DrawingWon, member.Id, new { }, "won:1");
        Assert.True(DbErrors.IsUniqueViolation(await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Ct))));
    }

    [Fact]
    public async Task Run_WhenMembersChose_KeepsNoticesAndSendsOnlyTheMailsThatTheyWant()
    {
        var (ana, ben) = (await Factory.NewMemberAsync(), await Factory.NewMemberAsync());
        while ((await RunAsync()).Total > 0)
            continue;
        _sender.Sent.Clear();
        using var chosen = await ana.Client.PutJsonAsync("/api/v1/notifications/choices", new
        {
            items = new object[] { new { category = "trackers", inApp = true, email = false }, new { category = "drawings", inApp = false, email = true }, new { category = "account", email = false } },
        });
        var choices = (await chosen.ReadJsonAsync()).GetProperty("items").EnumerateArray().ToDictionary(c => c.GetProperty("category").GetString()!, c => (c.GetProperty("inApp").GetBoolean(), c.GetProperty("email").GetBoolean()));
        Assert.Equal(((true, false), (false, true), (true, true)), (choices["trackers"], choices["drawings"], choices["account"]));

        await using (var scope = Factory.NewScope())
        {
            var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
            outbox.Enqueue(MailTypes.TrackerNeedsReconnect, ana.Id, new TrackerNeedsReconnectMail("fitbit", Factory.Clock.Now), "n:1");
            outbox.Enqueue(MailTypes.DrawingClosed, ana.Id, new DrawingClosedMail(Guid.NewGuid(), "Shoes", "abc", Factory.Clock.Now), "n:2");
            outbox.Enqueue(MailTypes.SecurityChanged, ana.Id, new SecurityChangedMail(SecurityChange.PasswordChanged, Factory.Clock.Now), "n:3");
            await scope.ServiceProvider.GetRequiredService<FitTrackDbContext>().SaveChangesAsync(Ct);
        }

        _sender.Answer = _ => new SendOutcome.TryLater("away");
        await RunAsync();
        _sender.Answer = _ => new SendOutcome.Sent();
        Factory.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await RunAsync()).Sent);
        Assert.Equal(["Sales have closed: Shoes", "The password of your account was changed"], _sender.Sent.Select(m => m.Subject).Order(StringComparer.Ordinal));

        var notices = (await ana.Client.GetJsonAsync("/api/v1/notifications?filter[is_read]=false")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["account", "trackers"], notices.Select(n => n.GetProperty("category").GetString()).Order(StringComparer.Ordinal));
        Assert.Empty((await ben.Client.GetJsonAsync("/api/v1/notifications")).GetProperty("items").EnumerateArray());
        using var others = await ben.Client.PostJsonAsync("/api/v1/notifications/read", new { });
        Assert.Equal(0, (await others.ReadJsonAsync()).GetProperty("marked").GetInt32());
        using var read = await ana.Client.PostJsonAsync("/api/v1/notifications/read", new { });
        Assert.Equal(2, (await read.ReadJsonAsync()).GetProperty("marked").GetInt32());
        Assert.Empty((await ana.Client.GetJsonAsync("/api/v1/notifications?filter[is_read]=false")).GetProperty("items").EnumerateArray());
    }

    private ApiFactory NewFactory() => new(_database!.ConnectionString)
    {
        Register = { services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(_sender)) },
    };

    private async Task<DeliveryPass> RunAsync()
    {
        await using var scope = Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<OutboxDelivery>().RunAsync(Ct);
    }

    private async Task<OutboxMessage> MessageAsync()
    {
        await using var db = _database!.Open();
        return await db.Set<OutboxMessage>().SingleAsync(Ct);
    }

    private sealed class StubSender : IEmailSender
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<EmailMessage> Sent { get; } = new();

        public Task FirstSent => _first.Task;

        public Func<EmailMessage, SendOutcome> Answer { get; set; } = _ => new SendOutcome.Sent();

        public Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
        {
            var outcome = Answer(message);
            if (outcome is SendOutcome.Sent)
            {
                Sent.Enqueue(message);
                _first.TrySetResult();
            }

            return Task.FromResult(outcome);
        }
    }
}

internal static class Both
{
    public static async Task<(T, T)> WhenBoth<T>(this (Task<T> First, Task<T> Second) tasks)
    {
        await Task.WhenAll(tasks.First, tasks.Second);
        return (await tasks.First, await tasks.Second);
    }
}
