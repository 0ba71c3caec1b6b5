using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Api.Drawings.Conservation;

/// <summary>A few members and drawings, and everything that can be done to them.</summary>
internal sealed class ConservationWorld : IDisposable
{
    public const long Given = 1_000;
    public const int OwnLimit = 1_200;
    private const int Hands = 8;
    private static readonly HttpStatusCode[] Meant =
        [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.UnprocessableEntity];

    private readonly DrawingsFixture _fixture;
    private readonly RequestsInFlight _inFlight;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<Guid, RecordOrigin> _trackers = new();
    private readonly DateTimeOffset _begin;
    private readonly Lock _time = new();
    private int _versions;
    private volatile bool _connectionsBroke;

    private ConservationWorld(DrawingsFixture fixture, RequestsInFlight inFlight) => (_fixture, _inFlight, _begin) = (fixture, inFlight, fixture.Clock.Now);

    public Entrant[] Members { get; private set; } = [];

    public Guid[] Drawings { get; private set; } = [];

    /// <summary>What members were told that they bought.</summary>
    public ConcurrentBag<JsonElement> Receipts { get; } = [];

    /// <summary>Purchases that were asked for, by what makes each one: a key, or a request without one.</summary>
    public ConcurrentDictionary<(int Member, string Key), bool> Asked { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One drawing is due soon, one is sold in few tickets, one is not open yet; the first member has a spending limit.</summary>
    public static async Task<ConservationWorld> NewAsync(DrawingsFixture fixture, RequestsInFlight inFlight)
    {
        // What an earlier world broke and nobody has used since is still in the pool, and would be this one's trouble.
        fixture.Factory.Services.GetRequiredService<NpgsqlDataSource>().Clear();
        var world = new ConservationWorld(fixture, inFlight);
        var prizes = new[] { new { rank = 1, name = "Watch", valueCents = 20_000, quantity = 2, kind = "physical" } };
        world.Members = await Task.WhenAll(Enumerable.Range(0, Deed.Members).Select(i => fixture.NewMemberAsync(Given, change: (db, user) =>
        {
            var limits = MemberLimits.None(user.Id, world._begin);
            if (i == 0) limits.LimitSpending(OwnLimit, TimeSpan.Zero, world._begin);
            var tracker = ProviderConnection.Connect(user.Id, TrackerService.Terra, "garmin", user.Id.ToString(), null, world._begin.AddDays(-50));
            world._trackers[user.Id] = new RecordOrigin(tracker.Id, tracker.Provider, world._begin.AddDays(-50), MayScore: true);
            db.AddRange(limits, tracker);
        })));
        world.Drawings =
        [
            await fixture.NewDrawingAsync(changes: [("salesCloseAt", world._begin.AddMinutes(1)), ("drawAt", world._begin.AddMinutes(2)), ("prizes", prizes), ("alternates", 1)]),
            await fixture.NewDrawingAsync(changes: [("maxTicketsPerMember", 6), ("prizes", prizes), ("alternates", 2)]),
            await fixture.NewDrawingAsync("scheduled"),
        ];
        return world;
    }

    /// <summary>Several hands take the deeds in order, each as soon as it is free; afterwards nobody is at work any more.</summary>
    public async Task DoAsync(IEnumerable<Deed> deeds)
    {
        await Parallel.ForEachAsync(deeds, new ParallelOptions { MaxDegreeOfParallelism = Hands, CancellationToken = Ct }, async (deed, ct) => await TryAsync(deed, ct));
        await _inFlight.UntilNoneAsync();
    }

    /// <summary>What a crash left undone is done, and every drawing comes to its end.</summary>
    public async Task SettleAsync()
    {
        // Claims of those who were stopped run out.
        _fixture.Clock.Advance(TimeSpan.FromHours(3));
        for (var pass = await _fixture.RunDueAsync(); pass.DidSomething; pass = await _fixture.RunDueAsync())
            Assert.Equal((0, 0), (pass.Failed, pass.HeldUp));
        await using var db = _fixture.OpenDb();
        Assert.All(await db.Set<Drawing>().Where(d => Drawings.Contains(d.Id)).ToListAsync(Ct), d => Assert.True(d.Status is DrawingStatus.Completed or DrawingStatus.Cancelled, $"{d.Status}: {d.HeldUpBy}"));
    }

    /// <summary>Whether the first drawing has not come to its end.</summary>
    public async Task<bool> IsDueAsync()
    {
        await using var db = _fixture.OpenDb();
        return await db.Set<Drawing>().AnyAsync(d => d.Id == Drawings[0] && (d.Status == DrawingStatus.Open || d.Status == DrawingStatus.Closed), Ct);
    }

    public void Dispose() => Array.ForEach(Members, member => member.Dispose());

    private async Task TryAsync(Deed deed, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (deed.GivesUpAfter is { } milliseconds) patience.CancelAfter(milliseconds);
        try
        {
            await DoAsync(deed, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && deed.GivesUpAfter is not null)
        {
            // The caller went away; what was begun is done, or not.
        }
        catch (Exception e) when (_connectionsBroke && e is (DbException or DbUpdateException or InvalidOperationException or NullReferenceException))
        {
            // The same, from the other side: the driver tells of a lost connection in many ways, its own mistakes among them.
        }
    }

    private async Task DoAsync(Deed deed, CancellationToken ct)
    {
        var (member, drawing) = (Members[deed.Member], Drawings[deed.Drawing]);
        var key = $"{_name}-{deed.Number / 2}";
        await (deed.Act switch
        {
            Act.Train => TrainAsync(member.Id, deed.Number, ct),
            Act.Buy => BuyAsync(null),
            Act.BuyUnderKey => BuyAsync(key),
            Act.BuyTwiceUnderOneKey => Task.WhenAll(BuyAsync(key), BuyAsync(key)),
            Act.EnterFree => SendAsync(deed, member.Client, $"/drawings/{drawing}/free-entry", null, null, ct),
            Act.EnterMailed => SendAsync(deed, _fixture.Admin.Client, $"/admin/drawings/{drawing}/free-entries", new { memberId = member.Id }, null, ct),
            Act.Adjust => SendAsync(deed, _fixture.Admin.Client, "/admin/points/adjust", new { userId = member.Id, points = (deed.Number * 60) - 370, reason = "Because" }, Guid.NewGuid().ToString(), ct),
            Act.Cancel => SendAsync(deed, _fixture.Admin.Client, $"/admin/drawings/{drawing}/cancel", new { reason = "Rain" }, null, ct),
            Act.Forfeit => ForfeitAsync(deed, drawing, ct),
            Act.CloseAccount => SendAsync(deed, _fixture.Admin.Client, $"/users/{member.Id}", null, null, ct, HttpMethod.Delete),
            Act.RunDue => RunDueAsync(ct),
            Act.BreakConnections => BreakConnectionsAsync(),
            _ => SendAsync(deed, _fixture.Admin.Client, $"/admin/drawings/{drawing}/{Naming.Snake(deed.Act.ToString())}", null, null, ct),
        });

        async Task BuyAsync(string? idempotencyKey)
        {
            Asked[(deed.Member, idempotencyKey ?? Guid.NewGuid().ToString())] = true;
            await SendAsync(deed, member.Client, $"/drawings/{drawing}/tickets", new { quantity = deed.Quantity }, idempotencyKey, ct);
        }
    }

    private async Task SendAsync(Deed deed, HttpClient client, string path, object? body, string? key, CancellationToken ct, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/api/v1" + path);
        if (body is not null) request.Content = JsonHelpers.Body(JsonSerializer.Serialize(body));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        // Every no is one that was meant; of a connection that is lost the driver tells in many ways.
        Assert.True(Meant.Contains(answer.StatusCode) || (_connectionsBroke && answer.StatusCode >= HttpStatusCode.InternalServerError), $"{deed}: {answer.StatusCode} {text}\n{string.Join('\n', _fixture.Logs.Errors)}");
        if (answer.StatusCode == HttpStatusCode.Created && deed.Act is Act.Buy or Act.BuyUnderKey or Act.BuyTwiceUnderOneKey) Receipts.Add(JsonElement.Parse(text));
    }

    /// <summary>As the Worker applies what a provider sent: another version of one of six workouts of the last day, or its end.</summary>
    private async Task TrainAsync(Guid member, int number, CancellationToken ct)
    {
        var (slot, minutes) = (number % 6, number * 12);
        var start = _begin.AddHours(-3 * (slot + 1));
        var record = new TrackerRecord
        {
            UserId = member, Origin = _trackers[member], Kind = ActivityKind.Workout, NaturalId = $"{_name}-{member:N}-{slot}", StartedAt = start, EndedAt = start.AddMinutes(minutes),
            Sport = Sports.Of("running"), VigorousSeconds = minutes * 60, LengthSeconds = minutes * 60, Deleted = number is 0 or 7, VersionAt = _begin.AddSeconds(Interlocked.Increment(ref _versions)),
        };
        for (var applied = false; !applied;)
        {
            await using var scope = _fixture.Factory.NewScope();
            var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                await scope.ServiceProvider.GetRequiredService<ActivityIngest>().ApplyAsync([record], ct);
                await transaction.CommitAsync(ct);
                applied = true;
            }
            catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
            {
                // Somebody else moved the member's points; the batch is applied again.
            }
        }
    }

    private async Task ForfeitAsync(Deed deed, Guid drawing, CancellationToken ct)
    {
        await using var db = _fixture.OpenDb();
        var prizes = await db.Set<Fulfillment>().Where(f => f.DrawingId == drawing).OrderBy(f => f.Id).Select(f => f.Id).ToListAsync(ct);
        if (prizes.Count > 0) await SendAsync(deed, _fixture.Admin.Client, $"/admin/fulfillments/{prizes[deed.Number % prizes.Count]}/forfeit", new { reason = "Not eligible" }, null, ct);
    }

    private async Task RunDueAsync(CancellationToken ct)
    {
        lock (_time) _fixture.Clock.Advance(TimeSpan.FromSeconds(20));
        await using var scope = _fixture.Factory.NewScope();
        await scope.ServiceProvider.GetRequiredService<Core.Drawings.Running.RunDueDrawings>().RunAsync(ct);
    }

    private async Task BreakConnectionsAsync()
    {
        _connectionsBroke = true;
        await using var db = _fixture.OpenDb();
        await db.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'fittrack'", Ct);
    }
}
