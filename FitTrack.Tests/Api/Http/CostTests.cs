using System.Net;
using FitTrack.Api.Http;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Api.Http;

/// <summary>A cached leaderboard is answered some 45,000 times a second on two cores: what every request passes must not allocate.</summary>
public sealed class CostTests
{
    private const int Requests = 1000;

    [Theory]
    [InlineData(Requests + 1, 0)]
    [InlineData(100_000_000, 40)] // Numbers beyond the prepared texts are written anew: what is left, as text.
    public void Middleware_WhenTheCallerIsKnown_AllocatesNothing(int limit, int bytesAllowed)
    {
        var options = Options.Create(new RateLimitOptions { Reads = limit });
        var (blocks, clock) = (new AddressBlocks(options), new TestClock());
        blocks.Learn(Caller.Address(IPAddress.Parse("192.0.2.1")), long.MaxValue);
        var limits = new RateLimitMiddleware(_ => Task.CompletedTask, new RateLimitCounter(options), blocks, clock);
        var blocked = new AddressBlockMiddleware(limits.InvokeAsync, blocks, clock);
        var problems = new ProblemMiddleware(blocked.InvokeAsync, NullLogger<ProblemMiddleware>.Instance);
        var context = new DefaultHttpContext { Request = { Method = "GET", Path = "/api/v1/leaderboards/daily" } };
        Assert.True(problems.InvokeAsync(context).IsCompletedSuccessfully);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Requests; i++)
            Assert.True(problems.InvokeAsync(context).IsCompletedSuccessfully);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Requests, 0, bytesAllowed);
    }
}
