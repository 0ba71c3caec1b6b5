using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using FitTrack.Core.Messaging;
using StackExchange.Redis;
using Xunit;

namespace FitTrack.Tests.Unit.Messaging;

/// <summary>Against a real redis-server of its own; skipped where none is installed.</summary>
public sealed class RedisTransportTests : IAsyncLifetime
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    private readonly int _port = FreePort();
    private Process? _redis;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},connectTimeout=2000");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Program is null, "redis-server is not installed");
        await StartRedisAsync();
    }

    public async ValueTask DisposeAsync() => await StopRedisAsync();

    [Fact]
    public async Task Send_WhenOthersListen_ReachesThem()
    {
        await using var sender = new RedisTransport(Address, TimeSpan.FromSeconds(20));
        await using var listener = new Listener(Address);
        await listener.Listening.WaitAsync(Ct);

        await sender.SendAsync("instance\nleaderboard\tM-18-29-BEG", Ct);
        await sender.SendAsync("instance\nwork\té 🏃", Ct);

        Assert.Equal("instance\nleaderboard\tM-18-29-BEG", await listener.Heard.ReadAsync(Ct));
        Assert.Equal("instance\nwork\té 🏃", await listener.Heard.ReadAsync(Ct));
    }

    [Fact]
    public async Task Listen_WhenConnectionIsLost_EndsSoThatTheBusStartsAnew()
    {
        await using var sender = new RedisTransport(Address, TimeSpan.FromSeconds(20));
        await using var listener = new Listener(Address);
        await listener.Listening.WaitAsync(Ct);
        await sender.SendAsync("before", Ct);
        Assert.Equal("before", await listener.Heard.ReadAsync(Ct));

        await StopRedisAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => listener.Ended);
        await Assert.ThrowsAnyAsync<RedisException>(() => sender.SendAsync("into the void", Ct));

        await StartRedisAsync();
        await listener.ListenAgainAsync();
        await EventuallyAsync(() => sender.SendAsync("after", Ct));
        Assert.Equal("after", await listener.Heard.ReadAsync(Ct));
    }

    [Fact]
    public async Task Send_WhenThereIsNoRedis_FailsWithAnAddressAndNothingElse()
    {
        await StopRedisAsync();
        await using var sender = new RedisTransport(Address + ",password=hidden-secret", TimeSpan.FromSeconds(20));

        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() => sender.SendAsync("x", Ct));

        Assert.DoesNotContain("hidden-secret", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task EventuallyAsync(Func<Task> attempt)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (RedisException)
            {
                await pace.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    private async Task StartRedisAsync()
    {
        _redis = Process.Start(new ProcessStartInfo(
            Program!, ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        while (await _redis.StandardOutput.ReadLineAsync(Ct) is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }
    }

    private async Task StopRedisAsync()
    {
        if (_redis is null)
            return;
        _redis.Kill();
        await _redis.WaitForExitAsync(CancellationToken.None);
        _redis.Dispose();
        _redis = null;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly RedisTransport _transport;
        private readonly CancellationTokenSource _stop = new();
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
        private TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Listener(string address)
        {
            _transport = new RedisTransport(address, TimeSpan.FromSeconds(20));
            Ended = ListenAsync();
        }

        public Task Listening => _listening.Task;

        public Task Ended { get; private set; }

        public ChannelReader<string> Heard => _heard.Reader;

        public Task ListenAgainAsync() => EventuallyAsync(async () =>
        {
            _listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Ended = ListenAsync();
            await await Task.WhenAny(Ended, Listening);
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Ended.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await _transport.DisposeAsync();
            _stop.Dispose();
        }

        private Task ListenAsync() => _transport.ListenAsync(() => _listening.TrySetResult(), text => _heard.Writer.TryWrite(text), _stop.Token);
    }
}
