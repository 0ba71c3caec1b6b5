using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Manifests and the time-stamp authority, which may be away, slow or wrong.</summary>
public sealed class TimestampedDrawingTests(PostgresServer server) : IAsyncLifetime
{
    private readonly DrawingsFixture _fixture = new(server);
    private readonly TestTimestampAuthority _authority = new();
    private StubServer? _stub;
    private RequestDelegate _answer = Status(503);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stub = await StubServer.StartAsync(context => _answer(context));
        _fixture.Configure = services => services.PostConfigure<DrawingOptions>(options => options.TimestampAuthority = _stub.Url);
        await _fixture.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        if (_stub is not null) await _stub.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Pass_AfterTheClose_AsksUntilThereIsATokenAndPublishesIt()
    {
        var id = await ClosedDrawingAsync();
        Assert.Null(await TokenAsync(id));
        Assert.Contains(_fixture.Logs.Warnings, IsAboutTheToken);

        _answer = context => StampAsync(context, _fixture.Clock.Now);
        Assert.Equal(1, (await _fixture.RunDueAsync()).Stamped);
        var asked = _stub!.Requests.Count;
        Assert.Equal(0, (await _fixture.RunDueAsync()).Stamped);
        Assert.Equal(asked, _stub.Requests.Count);
        Assert.Equal("application/timestamp-query", _stub.Requests[^1].Headers["Content-Type"]);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, (await _fixture.RunDueAsync()).Drawn);
        using var anonymous = _fixture.Anonymous();
        var verdict = DrawingVerifier.Verify(await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/proof"), null, _authority.Roots);
        Assert.StartsWith("commit drawing", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pass_WhenTheAuthorityIsOfNoUse_DrawsWithoutAToken()
    {
        var unusable = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            ["an error"] = Status(500),
            ["a page"] = context => context.Response.WriteAsync("<html>Welcome to the hotel's network</html>", context.RequestAborted),
            ["a flood"] = context => context.Response.WriteAsync(new string(' ', 100_000), context.RequestAborted),
            ["a token over another hash"] = context => StampAsync(context, _fixture.Clock.Now, hash: new byte[32]),
            ["a token of a later time"] = context => StampAsync(context, _fixture.Clock.Now.AddHours(1)),
            ["a token for another request"] = context => StampAsync(context, _fixture.Clock.Now, nonce: [1, 2, 3]),
        };
        foreach (var (answer, give) in unusable)
        {
            _answer = give;
            var warned = _fixture.Logs.Warnings.Count(IsAboutTheToken);

            var id = await ClosedDrawingAsync();
            Assert.True(_fixture.Logs.Warnings.Count(IsAboutTheToken) == warned + 1, answer);
            _fixture.Clock.Advance(TimeSpan.FromMinutes(6));
            var pass = await _fixture.RunDueAsync();

            Assert.True((pass.Drawn, pass.Stamped) == (1, 0) && await TokenAsync(id) is null, answer);
        }
    }

    [Fact]
    public async Task Pass_WhenTheAuthorityNeverAnswers_GoesOnWithoutIt()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };

        var closing = ClosedDrawingAsync();
        await asked.Task.WaitAsync(Ct);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(await TokenAsync(await closing));
    }

    private async Task<Guid> ClosedDrawingAsync()
    {
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "commit"));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        Assert.Equal(1, (await _fixture.RunDueAsync()).Closed);
        return id;
    }

    private async Task<byte[]?> TokenAsync(Guid id)
    {
        await using var db = _fixture.OpenDb();
        return await db.Set<DrawingProof>().Where(p => p.DrawingId == id).Select(p => p.TimestampToken).SingleAsync(Ct);
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Answers the request that came last.</summary>
    /// <param name="hash">Another than that of the request.</param>
    /// <param name="nonce">Another than that of the request.</param>
    private async Task StampAsync(HttpContext context, DateTimeOffset time, byte[]? hash = null, byte[]? nonce = null) =>
        await context.Response.Body.WriteAsync(_authority.Reply(_stub!.Requests[^1].Body, time, hash, nonce), context.RequestAborted);

    private static bool IsAboutTheToken(string line) => line.Contains("gave no token", StringComparison.Ordinal);
}
