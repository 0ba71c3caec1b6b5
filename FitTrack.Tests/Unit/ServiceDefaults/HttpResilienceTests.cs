using System.Net;
using System.Net.Http.Json;
using System.Text;
using FitTrack.ServiceDefaults;
using FitTrack.ServiceDefaults.Correlation;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Xunit;

namespace FitTrack.Tests.Unit.ServiceDefaults;

public sealed class HttpResilienceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_WhenServerFailsTwice_IsRepeated()
    {
        await using var server = await StubServer.StartAsync(503, 500, 200);
        using var host = Client(out var http, Impatient());

        using var answer = await http.GetAsync(server.Url, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Get_WhenRequestIsWrong_IsSentOnce(int status)
    {
        await using var server = await StubServer.StartAsync(status);
        using var host = Client(out var http, Impatient());

        using var answer = await http.GetAsync(server.Url, Ct);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Post_WhenServerFails_IsSentOnce()
    {
        await using var server = await StubServer.StartAsync(503, 200);
        using var host = Client(out var http, Impatient());

        using var answer = await http.PostAsJsonAsync(server.Url, new { quantity = 1 }, Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Post_WhenMarkedAsRepeatable_IsRepeatedWithItsBody()
    {
        await using var server = await StubServer.StartAsync(503, 201);
        using var host = Client(out var http, Impatient());
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent("{\"quantity\":1}") };
        request.Options.Set(HttpResilience.MayRetry, true);

        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, r => Assert.Equal("{\"quantity\":1}", Encoding.UTF8.GetString(r.Body)));
    }

    [Fact]
    public async Task Put_WhenBodyIsAStream_IsSentOnce()
    {
        await using var server = await StubServer.StartAsync(503, 200);
        using var host = Client(out var http, Impatient());
        using var body = new StreamContent(new MemoryStream([1, 2, 3]));

        using var answer = await http.PutAsync(server.Url, body, Ct);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_WhenServerNamesAPause_WaitsThatLong()
    {
        var first = true;
        await using var server = await StubServer.StartAsync(context =>
        {
            (context.Response.StatusCode, var wasFirst) = (first ? 429 : 200, first);
            first = false;
            if (wasFirst)
                context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });
        var clock = Impatient();
        var start = clock.GetUtcNow();
        using var host = Client(out var http, clock);

        using var answer = await http.GetAsync(server.Url, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Get_WhenServerNamesAPauseThatIsTooLong_PassesItsAnswerOn()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "900";
            return Task.CompletedTask;
        });
        using var host = Client(out var http, Impatient());

        using var answer = await http.GetAsync(server.Url, Ct);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(900), answer.Headers.RetryAfter?.Delta);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_WhenServerHangs_GivesUpTheAttemptAndTriesAgain()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        await using var server = await StubServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return;
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var clock = Impatient();
        using var host = Client(out var http, clock);

        var asking = http.GetAsync(server.Url, Ct);
        await arrived.Task.WaitAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(10));

        using var answer = await asking;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Get_WhenClientHasItsOwnTimeouts_FollowsThem()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StubServer.StartAsync(async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var clock = Impatient();
        using var host = Client(out _, clock);
        var slow = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("slow");

        var asking = slow.GetAsync(server.Url, Ct);
        await arrived.Task.WaitAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(61));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => asking);
    }

    [Fact]
    public void Timeout_OfAClient_CoversItsPipelineAndABodyThatHangs()
    {
        using var host = Client(out var http, Impatient());
        var slow = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("slow");
        Assert.Equal((TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(150)), (http.Timeout, slow.Timeout));
    }

    [Fact]
    public async Task Get_WhenServerKeepsFailing_OpensTheCircuitOfThatServerOnly()
    {
        await using var broken = await StubServer.StartAsync(Enumerable.Repeat(500, 20).Append(200).ToArray());
        await using var healthy = await StubServer.StartAsync(200);
        var clock = Impatient();
        using var host = Client(out var http, clock);
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, broken.Url);
            using var failed = await http.SendAsync(request, Ct);
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => http.GetAsync(broken.Url, Ct));
        using var other = await http.GetAsync(healthy.Url, Ct);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(20, broken.Requests.Count);

        clock.Advance(TimeSpan.FromSeconds(6));
        using var again = await http.GetAsync(broken.Url, Ct);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Get_WhenNobodyListens_FailsAfterItsRetries()
    {
        Uri gone;
        await using (var server = await StubServer.StartAsync(200))
            gone = server.Url;
        using var host = Client(out var http, Impatient());

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(gone, Ct));
    }

    [Fact]
    public async Task Get_WhenHostIsAServiceName_FindsEveryConfiguredInstance()
    {
        await using var first = await StubServer.StartAsync(200);
        await using var second = await StubServer.StartAsync(200);
        using var host = Client(out var http, Impatient(), ("services:api:http:0", first.Url.ToString()), ("services:api:http:1", second.Url.Authority));

        for (var i = 0; i < 4; i++)
        {
            using var answer = await http.GetAsync(new Uri("http://api/api/v1/health?x=1"), Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(4, first.Requests.Count + second.Requests.Count);
        Assert.All(first.Requests.Concat(second.Requests), r => Assert.Equal("/api/v1/health", r.Path));
        Assert.NotEmpty(first.Requests);
        Assert.NotEmpty(second.Requests);
    }

    [Fact]
    public async Task Get_WhenSchemeLeavesTheChoice_TakesWhatIsConfigured()
    {
        await using var server = await StubServer.StartAsync(200);
        using var host = Client(out var http, Impatient(), ("services:api:http:0", server.Url.ToString()));

        using var answer = await http.GetAsync(new Uri("https+http://api/hello"), Ct);

        Assert.Equal("/hello", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task Get_WhenWorkHasACorrelationId_HandsItOn()
    {
        await using var server = await StubServer.StartAsync(200);
        using var host = Client(out var http, Impatient());

        using (CorrelationId.Begin("job-42"))
        {
            using var answer = await http.GetAsync(server.Url, Ct);
        }

        Assert.Equal("job-42", Assert.Single(server.Requests).Headers[CorrelationId.Header]);
    }

    private static TestClock Impatient() => new() { SkipsWaitsUpTo = TimeSpan.FromSeconds(9) };

    private static IHost Client(out HttpClient http, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "FitTrack.Tests" });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("slow").WithTimeouts(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
        var host = builder.Build();
        http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        return host;
    }
}
