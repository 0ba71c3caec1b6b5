using System.Net;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class IdempotencyTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TaskCompletionSource _bothIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _member = Guid.NewGuid();
    private int _inside;
    private TestDatabase _database = null!;
    private HttpHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _host = await HttpHost.StartAsync(Map, _database.ConnectionString);
        _client = _host.NewClient(TestTokens.For(_member, _host.Clock.Now));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Post_WhenRepeated_AnswersAsTheFirstTimeAndDoesNothing()
    {
        using var first = await Post("key-1", "Acme");
        using var second = await Post("key-1", "Acme");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.NotNull(second.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Post_WhenTheBodyDiffers_Is422()
    {
        using var first = await Post("key-1", "Acme");
        using var second = await Post("key-1", "Other");
        await second.ReadProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Post_WhenAnotherMemberUsesTheSameKey_IsAFirstTime()
    {
        using var other = _host.NewClient(TestTokens.For(Guid.NewGuid(), _host.Clock.Now));
        using var first = await Post("key-1", "Acme");
        using var second = await other.PostJsonAsync("/sponsors", new SamplePrize("Other"), (IdempotencyHeader.Name, "key-1"));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Post_WhenBothArriveAtOnce_OneDoesTheWorkAndBothGetItsAnswer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => _client.PostJsonAsync("/together", new SamplePrize("Acme"), (IdempotencyHeader.Name, "key-1"))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Post_WhenItWasRefused_CanBeTriedAgainUnderTheSameKey()
    {
        using var refused = await Post("key-1", "no");
        await refused.ReadProblemAsync(HttpStatusCode.Conflict);
        using var accepted = await Post("key-1", "Acme");
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Post_WhenTheHandlerFails_StoresNothing()
    {
        using var failed = await Post("key-1", "fail");
        await failed.ReadProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Equal(0, await CountAsync());
        await using var db = _database.Open();
        Assert.Empty(await db.Set<IdempotencyKey>().ToListAsync());
    }

    [Fact]
    public async Task Post_WhenTheKeyIsADayOld_IsAFirstTimeAgain()
    {
        using var first = await Post("key-1", "Acme");
        _host.Clock.Advance(IdempotencyKey.Lifetime);
        using var later = _host.NewClient(TestTokens.For(_member, _host.Clock.Now));
        using var second = await later.PostJsonAsync("/sponsors", new SamplePrize("Other"), (IdempotencyHeader.Name, "key-1"));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Post_WithoutAKey_DoesTheWorkEachTime()
    {
        using var first = await _client.PostJsonAsync("/sponsors", new SamplePrize("One"));
        using var second = await _client.PostJsonAsync("/sponsors", new SamplePrize("Two"));
        Assert.Equal(2, await CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("tab\tbed")]
    public async Task Post_WhenTheKeyCannotBeOne_Is422(string key)
    {
        using var response = await Post(key, "Acme");
        await response.ReadInvalidAsync(IdempotencyHeader.Name);
    }

    [Fact]
    public async Task Post_WhenTheKeyIsTooLong_Is422()
    {
        using var response = await Post(new string('k', IdempotencyKey.MaxKeyLength + 1), "Acme");
        await response.ReadInvalidAsync(IdempotencyHeader.Name);
    }

    [Fact]
    public async Task ForgetExpired_WhenSomeHaveExpired_RemovesThose()
    {
        using var first = await Post("key-1", "Acme");
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        using var second = await Post("key-2", "Other");
        await using var db = _database.Open();
        Assert.Equal(1, await db.ForgetExpiredAsync(TestClock.Start + IdempotencyKey.Lifetime, CancellationToken.None));
        Assert.Equal("key-2", (await db.Set<IdempotencyKey>().SingleAsync()).Key);
    }

    [Fact]
    public void Hash_WhenPartsAreCutDifferently_Differs()
    {
        Assert.NotEqual(Idempotency.Hash("ab", "c"), Idempotency.Hash("a", "bc"));
        Assert.Equal(Idempotency.Hash("ab", "c"), Idempotency.Hash("ab", "c"));
    }

    private Task<HttpResponseMessage> Post(string key, string name) => _client.PostJsonAsync("/sponsors", new SamplePrize(name), (IdempotencyHeader.Name, key));

    private async Task<int> CountAsync()
    {
        await using var db = _database.Open();
        return await db.Set<Sponsor>().CountAsync();
    }

    private void Map(WebApplication app)
    {
        var group = app.MapGroup("").RequireAuthorization();
        group.MapPost("/sponsors", AddAsync).Idempotent();
        group.MapPost("/together", async (SamplePrize prize, FitTrackDbContext db, TimeProvider clock) =>
        {
            // Both requests are in their transactions before either writes.
            if (Interlocked.Increment(ref _inside) == 2)
                _bothIn.SetResult();
            await _bothIn.Task.WaitAsync(Until.Patience);
            return await AddAsync(new SamplePrize(prize.SponsorName + Guid.NewGuid()), db, clock);
        }).Idempotent();
    }

    private static async Task<Results<Created<SponsorItem>, ConflictProblem>> AddAsync(SamplePrize prize, FitTrackDbContext db, TimeProvider clock)
    {
        if (prize.SponsorName == "no")
            return Problems.Conflict("No.");
        var sponsor = Sponsor.Create(new SponsorDetails(prize.SponsorName!, null, null, null, null), clock.Now());
        db.Add(sponsor);
        await db.SaveChangesAsync();
        if (prize.SponsorName == "fail")
            throw new InvalidOperationException("After the write.");
        return TypedResults.Created($"/sponsors/{sponsor.Id}", new SponsorItem(sponsor.Id, sponsor.Name));
    }
}
