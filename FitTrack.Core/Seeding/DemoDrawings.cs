using Bogus;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Drawings.Templates;
using FitTrack.Core.Fulfillments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Seeding;

/// <summary>Drawings in every state, with tickets bought and entered free, winners, and prizes on their way.</summary>
internal sealed class DemoDrawings(SeedOptions options, DemoMembers members, SeedTimeline timeline)
{
    /// <summary>The first eight have every state; then completed and open ones take turns.</summary>
    private static readonly DrawingStatus[] States =
    [
        DrawingStatus.Completed, DrawingStatus.Open, DrawingStatus.Closed, DrawingStatus.Scheduled, DrawingStatus.Draft,
        DrawingStatus.Cancelled, DrawingStatus.Completed, DrawingStatus.Open,
    ];

    private static readonly (string Name, PrizeKind Kind, long ValueCents, string Sponsor)[] Prizes =
    [
        ("Trail running shoes", PrizeKind.Physical, 14_900, "Ridgeline Running"),
        ("$50 grocery gift card", PrizeKind.Digital, 5_000, "Harvest Market"),
        ("Smart scale", PrizeKind.Physical, 8_900, "Northbeam Devices"),
        ("Yoga mat and blocks", PrizeKind.Physical, 6_500, "Stillwater Studio"),
        ("Three months of yoga classes", PrizeKind.Digital, 12_000, "Stillwater Studio"),
        ("GPS watch", PrizeKind.Physical, 34_900, "Northbeam Devices"),
        ("Insulated bottle", PrizeKind.Physical, 3_500, "Ridgeline Running"),
    ];

    private static readonly Dictionary<DrawingType, int> Prices = new()
    {
        [DrawingType.Daily] = 100,
        [DrawingType.Weekly] = 500,
        [DrawingType.Monthly] = 2_000,
        [DrawingType.Annual] = 10_000,
    };

    private readonly Faker _faker = new("en") { Random = new Randomizer(options.Seed + 2) };

    private Guid AdminId => members.All[0].Id;

    private Actor Admin => new(AdminId, null);

    public void PlanTo(DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        if (options.Drawings > 0)
            timeline.At(hour.AddDays(-12), AddSponsorsAsync);
        for (var i = 0; i < options.Drawings; i++)
        {
            var state = i < States.Length ? States[i] : i % 2 == 0 ? DrawingStatus.Completed : DrawingStatus.Open;
            Plan(i, state, hour, now);
        }
    }

    private void Plan(int i, DrawingStatus state, DateTimeOffset hour, DateTimeOffset now)
    {
        var back = 2 + (i % 7);
        var (type, opens, closes, draws) = state switch
        {
            DrawingStatus.Completed => (i % 4 == 0 ? DrawingType.Daily : DrawingType.Weekly, hour.AddDays(-back - 3), hour.AddDays(-back).AddMinutes(-5), hour.AddDays(-back)),
            DrawingStatus.Closed => (DrawingType.Daily, hour.AddDays(-2), hour.AddHours(-1), hour.AddDays(1)),
            DrawingStatus.Cancelled => (DrawingType.Daily, hour.AddDays(-6), hour.AddDays(3).AddMinutes(-5), hour.AddDays(3)),
            DrawingStatus.Open => Ahead((DrawingType)(i / 2 % 4), hour.AddDays(-4), hour),
            _ => Ahead(DrawingType.Weekly, hour.AddDays(2), hour.AddDays(4)),
        };
        var created = (opens < hour ? opens : hour).AddHours(-6);
        timeline.At(created, async (services, ct) =>
        {
            var terms = Terms(i, type, opens, closes, draws, await SponsorsAsync(services, ct));
            var id = Done(await services.GetRequiredService<WriteDrawing>().CreateAsync(terms, Admin, ct)).Id;
            if (state == DrawingStatus.Draft)
                return;
            Done(await services.GetRequiredService<ScheduleDrawing>().ExecuteAsync(new StepRequest(id, Admin), ct));
            if (state != DrawingStatus.Scheduled)
                PlanLife(i, state, id, terms, now);
        });
    }

    private static (DrawingType, DateTimeOffset Opens, DateTimeOffset Closes, DateTimeOffset Draws) Ahead(DrawingType type, DateTimeOffset opens, DateTimeOffset from)
    {
        var draws = type switch { DrawingType.Daily => from.AddDays(1), DrawingType.Weekly => from.AddDays(5), DrawingType.Monthly => from.AddDays(24), _ => from.AddDays(150) };
        return (type, opens, draws.AddMinutes(-5), draws);
    }

    private void PlanLife(int i, DrawingStatus state, Guid id, DrawingTerms terms, DateTimeOffset now)
    {
        timeline.At(terms.OpensAt, async (s, ct) => DoneByAnyone(await s.GetRequiredService<OpenDrawing>().ExecuteAsync(new StepRequest(id, Actor.System), ct)));
        var cancelled = terms.OpensAt.AddDays(2);
        var salesEnd = state == DrawingStatus.Cancelled ? cancelled : terms.SalesCloseAt < now ? terms.SalesCloseAt : now;
        for (var n = 0; n < Math.Min(members.All.Count, 24); n++)
        {
            var (buyer, quantity, free) = (_faker.PickRandom(members.All.AsEnumerable()), _faker.Random.Int(1, 3), _faker.Random.Bool(0.25f));
            timeline.At(terms.OpensAt + ((salesEnd - terms.OpensAt) * (0.05 + (_faker.Random.Double() * 0.9))), (s, ct) => EnterAsync(s, id, buyer.Id, quantity, free, ct));
        }

        if (state == DrawingStatus.Cancelled)
        {
            timeline.At(cancelled, async (s, ct) =>
            {
                Done(await s.GetRequiredService<CancelDrawing>().ExecuteAsync(new StepRequest(id, Admin), "The sponsor withdrew the prize.", ct));
                await s.GetRequiredService<RefundTickets>().ExecuteAsync(id, ct);
            });
        }

        if (state is DrawingStatus.Closed or DrawingStatus.Completed)
            timeline.At(terms.SalesCloseAt, async (s, ct) => DoneByAnyone(await s.GetRequiredService<CloseDrawing>().ExecuteAsync(new StepRequest(id, Actor.System), ct)));
        if (state == DrawingStatus.Completed)
        {
            timeline.At(terms.DrawAt, async (s, ct) => DoneByAnyone(await s.GetRequiredService<ExecuteDraw>().ExecuteAsync(new StepRequest(id, Actor.System), ct)));
            timeline.At(terms.DrawAt.AddHours(20), (s, ct) => DeliverAsync(s, id, i, now, ct));
        }
    }

    /// <summary>A member who cannot afford it, or has reached a limit, simply does not get in.</summary>
    private static async Task EnterAsync(IServiceProvider services, Guid drawing, Guid member, int quantity, bool free, CancellationToken ct)
    {
        var entering = services.GetRequiredService<EnterDrawing>();
        var outcome = free ? await entering.EnterFreeAsync(drawing, member, null, ct) : await entering.BuyAsync(drawing, member, quantity, null, ct);
        if (outcome is EntryOutcome.NotFound or EntryOutcome.InvalidQuantity or EntryOutcome.Busy or EntryOutcome.KeyConflict)
            throw new InvalidOperationException($"A demo entry failed: {outcome}.");
    }

    /// <summary>Some winners have not answered yet, some wait for their parcel, some hold it in their hands.</summary>
    private async Task DeliverAsync(IServiceProvider services, Guid drawing, int i, DateTimeOffset now, CancellationToken ct)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        var waiting = await db.Set<Fulfillment>().AsNoTracking().Where(f => f.DrawingId == drawing && f.Status == FulfillmentStatus.WinnerNotified).OrderBy(f => f.Id).ToListAsync(ct);
        foreach (var (n, fulfillment) in waiting.Index())
        {
            var steps = (i + n) % 4;
            if (steps == 0)
                continue;
            var address = new ShippingAddress(_faker.Name.FullName(), _faker.Address.StreetAddress(), null, _faker.Address.City(), _faker.Address.StateAbbr(), _faker.Address.ZipCode("#####"), null);
            await services.GetRequiredService<HandleFulfillment>().ConfirmAddressAsync(fulfillment.Id, fulfillment.UserId, address, ct);
            var day = services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (steps >= 2 && day.AddHours(12) < now)
                timeline.At(day.AddHours(12), async (s, t) => await s.GetRequiredService<HandleFulfillment>().ShipAsync(fulfillment.Id, new AdminActor(AdminId, null), "UPS", $"1Z999AA1{i:D4}{n:D4}", t));
            if (steps >= 3 && day.AddDays(1) < now)
                timeline.At(day.AddDays(1), async (s, t) => await s.GetRequiredService<HandleFulfillment>().DeliverAsync(fulfillment.Id, new AdminActor(AdminId, null), t));
        }
    }

    private static DrawingTerms Terms(int i, DrawingType type, DateTimeOffset opens, DateTimeOffset closes, DateTimeOffset draws, Dictionary<string, Guid> sponsors)
    {
        var count = 1 + (i % 3);
        var prizes = Enumerable.Range(0, count).Select(rank =>
        {
            var (name, kind, value, sponsor) = Prizes[(i + (rank * 3)) % Prizes.Length];
            return new PrizeTerms(rank + 1, name, null, rank == 0 ? 1 : 2, value, kind, sponsors[sponsor], null, []);
        }).ToList();
        return new DrawingTerms(
            $"{type} drawing: {prizes[0].Name}", $"One {type.ToString().ToLowerInvariant()} chance to win this: {prizes[0].Name.ToLowerInvariant()}.", null, type, EntropyKind.Commit,
            opens, closes, draws, Prices[type], 100, 100, 1, 2, EligibleUsers.All, 0, 18, prizes);
    }

    private static async Task AddSponsorsAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        var now = services.GetRequiredService<TimeProvider>().Now();
        foreach (var name in Prizes.Select(p => p.Sponsor).Distinct(StringComparer.Ordinal))
        {
            var domain = name.ToLowerInvariant().Replace(' ', '-');
            db.Add(Sponsor.Create(new SponsorDetails(name, $"prizes@{domain}.example", $"https://{domain}.example", null, null), now));
        }

        await db.SaveChangesAsync(ct);
        await AddTemplatesAsync(services, await SponsorsAsync(services, ct), now, ct);
    }

    /// <summary>What keeps drawings coming for as long as the demo runs.</summary>
    private static async Task AddTemplatesAsync(IServiceProvider services, Dictionary<string, Guid> sponsors, DateTimeOffset now, CancellationToken ct)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        TemplateRhythm[] rhythms = [new(DrawingType.Daily, 16 * 60, null, null), new(DrawingType.Weekly, 18 * 60, 5, null)];
        foreach (var (i, rhythm) in rhythms.Index())
        {
            var days = rhythm.Type == DrawingType.Daily ? 1 : 7;
            var terms = Terms(1 + (3 * i), rhythm.Type, now, now, now, sponsors) with { Name = $"{rhythm.Type} draw" };
            db.Add(DrawingTemplate.Create(new TemplateDetails(terms, rhythm, days * 24 * 60, 5, 2 * days, IsActive: true), now));
        }

        await db.SaveChangesAsync(ct);
    }

    private static Task<Dictionary<string, Guid>> SponsorsAsync(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<FitTrackDbContext>().Set<Sponsor>().ToDictionaryAsync(s => s.Name, s => s.Id, ct);

    private static Drawing Done(StepOutcome outcome) =>
        outcome is StepOutcome.Done(var drawing) ? drawing : throw new InvalidOperationException($"A demo drawing could not go on: {outcome}.");

    /// <summary>A Worker that runs meanwhile sees a drawing whose time has come, and may be quicker.</summary>
    private static void DoneByAnyone(StepOutcome outcome)
    {
        if (outcome is not (StepOutcome.Impossible or StepOutcome.Stale))
            Done(outcome);
    }
}
