using System.Security.Cryptography;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Running;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

/// <summary>Rounds of a beacon over HTTP, from mirrors that may be late, wrong, slow or somebody else's.</summary>
public sealed class DrandBeaconTests : IAsyncLifetime, ILogger<DrandBeacon>
{
    private const string Chain = PublishedVector.Chain;
    private const long Round = 1234;

    private static readonly RequestDelegate Sound = context => context.Request.Path == $"/{Chain}/public/{Round}" ? Json(context, Answer(Round)) : Status(context, 404);

    private readonly List<StubServer> _mirrors = [];
    private readonly TestClock _clock = new();
    private readonly TaskCompletionSource _twoAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answered;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var mirror in _mirrors) await mirror.DisposeAsync();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state)
        => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    /// <summary>What a mirror's answer is worth is logged when it has been read.</summary>
    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Debug && Interlocked.Increment(ref _answered) == 2) _twoAnswered.SetResult();
    }

    [Fact]
    public async Task Find_WhenTwoMirrorsAgree_IsTheRoundOfExactlyThisChain()
    {
        var answer = Assert.IsType<BeaconAnswer.Found>(await FindAsync(Sound, Sound));

        Assert.Equal((Round, Randomness(Round)), (answer.Round.Round, answer.Round.Randomness));
        Assert.All(_mirrors, m => Assert.Equal($"/{Chain}/public/{Round}", Assert.Single(m.Requests).Path));
    }

    [Fact]
    public async Task Find_WhenTheRoundIsNotThereYet_SaysSo() =>
        Assert.Equal("The beacon's round is not there yet", await MissingAsync(c => Status(c, 404), c => Status(c, 425)));

    [Fact]
    public async Task Find_WhenMirrorsDisagree_TakesNeither() =>
        Assert.Equal("The beacon's mirrors contradict each other", await MissingAsync(Sound, c => Json(c, Answer(Round, of: Round + 1)), Sound));

    public static TheoryData<string, Func<HttpContext, Task>> Unusable => new()
    {
        { "another round", c => Json(c, Answer(Round - 1)) },
        { "randomness that is not the signature's hash", c => Json(c, Answer(Round).Replace(Randomness(Round), new string('0', 64), StringComparison.Ordinal)) },
        { "no hex", c => Json(c, $$"""{"round":{{Round}},"randomness":"zz","signature":"xy"}""") },
        { "an empty signature", c => Json(c, $$"""{"round":{{Round}},"randomness":"{{Convert.ToHexStringLower(SHA256.HashData([]))}}","signature":""}""") },
        { "numbers for texts", c => Json(c, $$"""{"round":"{{Round}}","randomness":1,"signature":2}""") },
        { "a list", c => Json(c, "[]") },
        { "a page", c => Json(c, "<html>Welcome to the hotel's network</html>") },
        { "nothing", c => Json(c, "") },
        { "an error", c => Status(c, 500) },
        { "a flood", c => Json(c, Answer(Round) + new string(' ', 100_000)) },
        { "another chain", c => c.Request.Path.StartsWithSegments("/0000", StringComparison.Ordinal) ? Json(c, Answer(Round)) : Status(c, 404) },
    };

    [Theory, MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task Find_WhenOneOfTwoMirrorsIsOfNoUse_WaitsForASecond(string answer, Func<HttpContext, Task> mirror)
    {
        Assert.Equal("Only one mirror has the beacon's round; two must agree", await MissingAsync(Sound, mirror.Invoke));
        Assert.True(await FindAsync(Sound, mirror.Invoke, Sound) is BeaconAnswer.Found, answer);
    }

    [Fact]
    public async Task Find_WhenAMirrorNeverAnswers_GoesOnWithoutIt()
    {
        var finding = FindAsync(Sound, Sound, context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await _twoAnswered.Task.WaitAsync(Ct);
        Assert.False(finding.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<BeaconAnswer.Found>(await finding);
    }

    [Fact]
    public async Task Find_WithoutMirrors_SaysThatNoneIsConfigured() => Assert.Equal("No beacon configured", await MissingAsync());

    [Theory]
    [InlineData(true)]
    [InlineData(true, "https://one.example", "http://two.example/drand")]
    [InlineData(false, "https://one.example")]
    [InlineData(false, "https://one.example", "https://one.example/too")]
    [InlineData(false, "https://one.example", "ftp://two.example")]
    [InlineData(false, "https://one.example", "/two")]
    public void Mirrors_MustBeTwoDifferentAddressesOrNone(bool usable, params string[] mirrors)
    {
        var options = new BeaconOptions();
        foreach (var mirror in mirrors) options.Mirrors.Add(new Uri(mirror, UriKind.RelativeOrAbsolute));

        Assert.Equal(usable, options.MirrorsAreUsable);
    }

    private async Task<string> MissingAsync(params RequestDelegate[] mirrors) => Assert.IsType<BeaconAnswer.Missing>(await FindAsync(mirrors)).Reason;

    private async Task<BeaconAnswer> FindAsync(params RequestDelegate[] mirrors)
    {
        var options = new DrawingOptions();
        foreach (var answer in mirrors)
        {
            var mirror = await StubServer.StartAsync(answer);
            _mirrors.Add(mirror);
            options.Beacon.Mirrors.Add(mirror.Url);
        }

        using var http = new HttpClient();
        DrandBeacon.Configure(http);
        return await new DrandBeacon(http, Options.Create(options), _clock, this).FindAsync(Chain, Round, Ct);
    }

    private static byte[] Signature(long round) => SHA512.HashData(BitConverter.GetBytes(round))[..48];

    private static string Randomness(long round) => Convert.ToHexStringLower(SHA256.HashData(Signature(round)));

    /// <param name="of">Another round, whose randomness and signature it gives.</param>
    private static string Answer(long round, long? of = null) =>
        $$"""{"round":{{round}},"randomness":"{{Randomness(of ?? round)}}","signature":"{{Convert.ToHexStringLower(Signature(of ?? round))}}"}""";

    private static Task Json(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
