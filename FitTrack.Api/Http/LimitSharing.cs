using System.Globalization;
using FitTrack.Core.Messaging;
using FitTrack.Core.Security;

namespace FitTrack.Api.Http;

/// <summary>
/// Reconciles rate limits and blocks with the other instances: each second it tells over the bus what was counted here, and hears what
/// was counted there. Counts that get lost are told again with the next; blocks stand in a table that is read again now and then.
/// </summary>
/// <remarks>It paces real input and output, so it waits in real time, as the bus does.</remarks>
internal sealed partial class LimitSharing(
    RateLimitCounter counter, AddressBlocks blocks, IMessageBus bus, InstanceId instance, IServiceScopeFactory scopes, TimeProvider clock, ILogger<LimitSharing> logger)
    : BackgroundService
{
    private const string Topic = "rate_limit";
    private const int MostAtOnce = 2_000;
    private const int LooksEvery = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The random end is enough among instances of one system, and keeps messages short.</summary>
    private readonly string _me = instance.Value[^8..];

    private volatile bool _lookNow;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var counts = bus.Subscribe(Topic, Hear, static () => { });
        using var blocked = bus.Subscribe(BlockedAddresses.Topic, _ => _lookNow = true, () => _lookNow = true);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stoppingToken); second++)
            {
                Tell();
                await StoreBlocksAsync(stoppingToken);
                if (_lookNow || second % LooksEvery == 0)
                    await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure.
        }
    }

    private void Tell()
    {
        foreach (var c in counter.TakeNews(MostAtOnce))
            bus.Publish(Topic, string.Create(CultureInfo.InvariantCulture, $"{_me}|{c.Minute}|{c.Caller.ToKey()}|{c.Reads}|{c.Writes}|{c.Leaderboards}|{c.Refusals}"));
    }

    private void Hear(string key)
    {
        var parts = key.Split('|');
        if (parts.Length == 7 && parts[0] != _me && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var minute) && Caller.TryParse(parts[2], out var caller)
            && Number(parts[3]) is { } reads && Number(parts[4]) is { } writes && Number(parts[5]) is { } boards && Number(parts[6]) is { } refusals)
        {
            counter.Merge(parts[0], new CallerCounts(minute, caller, reads, writes, boards, refusals));
        }
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task StoreBlocksAsync(CancellationToken ct)
    {
        while (blocks.TryTakeNews(out var news))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<BlockedAddresses>()
                    .BlockAsync(news.Address.ToAddress(), "Kept on after too many refused requests.", DateTimeOffset.FromUnixTimeSeconds(news.Until), ct);
                LogBlocked(logger, DateTimeOffset.FromUnixTimeSeconds(news.Until));
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e);
                blocks.PutBack(news);
                return;
            }
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        _lookNow = false;
        blocks.Forget(clock.GetUtcNow().ToUnixTimeSeconds());
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var (address, until) in await scope.ServiceProvider.GetRequiredService<BlockedAddresses>().ListAsync(ct))
            {
                if (Caller.TryParseAddress(address, out var caller))
                    blocks.Learn(caller, until.ToUnixTimeSeconds());
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An address is blocked until {Until}: it kept on after too many refused requests.")]
    private static partial void LogBlocked(ILogger logger, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blocked addresses could not be shared with the other instances; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
