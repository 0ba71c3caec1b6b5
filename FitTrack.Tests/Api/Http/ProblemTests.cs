using System.Net;
using System.Text;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class ProblemTests(ProblemTests.Endpoints endpoints) : IClassFixture<ProblemTests.Endpoints>, IDisposable
{
    private readonly HttpClient _client = endpoints.Host.NewClient();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/bare", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/bare", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/problem", HttpStatusCode.Conflict)]
    [InlineData("GET", "/framework", HttpStatusCode.Gone)]
    [InlineData("GET", "/framework-validation", HttpStatusCode.UnprocessableEntity)]
    public async Task Send_WhenItFails_IsAProblemDocument(string method, string url, HttpStatusCode expected)
    {
        using var response = await _client.SendJsonAsync(new HttpMethod(method), url, null);
        var problem = await response.ReadProblemAsync(expected);
        Assert.Equal(response.Headers.GetValues("X-Correlation-Id").Single(), problem.TraceId);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Get_WhenTheFrameworkRefusesFields_NamesThemAsTheyAreSent()
    {
        using var response = await _client.GetAsync("/framework-validation");
        await response.ReadInvalidAsync("prizes[0].sponsorName");
    }

    [Theory]
    [InlineData("/failure")]
    [InlineData("/failure-later")]
    public async Task Get_WhenTheHandlerThrows_Is500WithoutInternals(string url)
    {
        using var response = await _client.GetAsync(url);
        var problem = await response.ReadProblemAsync(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.TraceId);
        Assert.Contains(endpoints.Host.Logs.Errors, line => line.Contains("the secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_WhenTheAnswerHasBegun_BreaksTheConnectionOff()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.GetStringAsync("/failure-halfway"));
        Assert.Contains(endpoints.Host.Logs.Errors, line => line.Contains("the secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_WhenAUniqueValueIsTaken_Is409()
    {
        using var first = await _client.PostJsonAsync("/sponsors/Acme", null);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await _client.PostJsonAsync("/sponsors/Acme", null);
        await second.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.DoesNotContain(endpoints.Host.Logs.Errors, line => line.Contains("sponsors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Put_WhenTheRaceForAVersionIsLost_Is409()
    {
        using var response = await _client.PutJsonAsync("/lost-race", null);
        await response.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Get_WhenTextCannotBeStored_Is422()
    {
        using var response = await _client.GetAsync("/unstorable");
        await response.ReadProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Get_WhenTheDatabaseIsDown_Is503AndSaysWhenToRetry()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/count", (FitTrackDbContext db) => db.Set<Sponsor>().CountAsync()));
        using var client = host.NewClient();
        using var response = await client.GetAsync("/count");
        var problem = await response.ReadProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("127.0.0.1", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(5, response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.DoesNotContain(host.Logs.Lines, l => l.Category.EndsWith(nameof(ProblemMiddleware), StringComparison.Ordinal) && l.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Get_WhenTheCallerHangsUp_IsNoError()
    {
        var connection = await endpoints.Host.ConnectAsync(TestContext.Current.CancellationToken);
        await connection.WriteAsync(Encoding.ASCII.GetBytes("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await endpoints.Reached.Task.WaitAsync(Until.Patience);
        await connection.DisposeAsync();
        await endpoints.Left.Task.WaitAsync(Until.Patience);
        Assert.DoesNotContain(endpoints.Host.Logs.Errors, line => line.Contains("/slow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_WhenNobodyIsSignedIn_Is401AndAsksForIt()
    {
        using var response = await _client.GetAsync("/private");
        Assert.Equal("Authentication required", (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Get_WhenTheTokenIsOld_Is401AndSaysSo()
    {
        using var client = endpoints.Host.NewClient(TestTokens.For(Guid.NewGuid(), endpoints.Host.Clock.Now.AddHours(-2)));
        using var response = await client.GetAsync("/private");
        Assert.Equal("Token expired", (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    public async Task Get_WhenTheTokenIsInvalid_Is401AndSaysSo(string token)
    {
        using var client = endpoints.Host.NewClient(token);
        using var response = await client.GetAsync("/private");
        Assert.Equal("Invalid token", (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }

    [Fact]
    public async Task Get_WhenTheRoleIsNotEnough_Is403()
    {
        using var client = endpoints.Host.NewClient(TestTokens.For(Guid.NewGuid(), endpoints.Host.Clock.Now));
        using var response = await client.GetAsync("/admin");
        Assert.Equal("Insufficient permissions", (await response.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail);
    }

    [Fact]
    public async Task Get_Always_CarriesSecurityHeaders()
    {
        using var response = await _client.GetAsync("/bare");
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    public sealed class Endpoints(PostgresServer server) : HttpHostFixture(server)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Map(WebApplication app)
        {
            app.MapGet("/bare", () => TypedResults.NotFound());
            app.MapGet("/problem", () => Problems.Conflict("It is taken."));
            app.MapGet("/framework", () => TypedResults.Problem("It is gone.", statusCode: 410));
            app.MapGet("/framework-validation", () => TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Prizes[0].SponsorName"] = ["No."] }));
            app.MapGet("/failure", string () => throw new InvalidOperationException("the secret"));
            app.MapGet("/failure-later", async Task<string> () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("the secret");
            });
            app.MapGet("/failure-halfway", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("half an ");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException("the secret");
            });
            app.MapPost("/sponsors/{name}", async (string name, FitTrackDbContext db, TimeProvider clock) =>
            {
                db.Add(Sponsor.Create(new SponsorDetails(name, null, null, null, null), clock.Now()));
                await db.SaveChangesAsync();
                return TypedResults.Created();
            });
            app.MapPut("/lost-race", string () => throw new DbUpdateConcurrencyException("lost"));
            app.MapGet("/unstorable", (FitTrackDbContext db) =>
            {
                var text = "a\0b";
                return db.Set<Sponsor>().CountAsync(s => s.Name == text);
            });
            app.MapGet("/slow", async (CancellationToken ct) =>
            {
                Reached.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                finally
                {
                    Left.SetResult();
                }
            });
            app.MapGet("/private", () => "in").RequireAuthorization();
            app.MapGet("/admin", () => "in").RequireAuthorization(policy => policy.RequireRole("admin"));
        }
    }
}
