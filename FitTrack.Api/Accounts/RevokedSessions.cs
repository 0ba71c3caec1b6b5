using System.Collections.Concurrent;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;

namespace FitTrack.Api.Accounts;

/// <summary>
/// Sessions that ended while access tokens of theirs may still be alive. This process hears of its own at once and of the others'
/// within the bus's window; what the bus loses, the next look into the database finds. The same look keeps the signing keys fresh.
/// </summary>
internal sealed partial class RevokedSessions : BackgroundService, IRevokedSessions
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _revoked = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly IMessageBus _bus;
    private readonly JwtKeys _keys;
    private readonly TimeProvider _clock;
    private readonly ILogger<RevokedSessions> _logger;
    private readonly TimeSpan _tokenLifetime;
    private readonly SemaphoreSlim _lookNow = new(0, 1);

    public RevokedSessions(IServiceScopeFactory scopes, IMessageBus bus, JwtKeys keys, JwtOptions options, TimeProvider clock, ILogger<RevokedSessions> logger)
    {
        (_scopes, _bus, _keys, _clock, _logger) = (scopes, bus, keys, clock, logger);
        _tokenLifetime = options.Lifetime + (2 * options.ClockSkew);
    }

    public bool Contains(Guid sessionId) => _revoked.ContainsKey(sessionId);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _lookNow.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _bus.Subscribe(AccountTopics.SessionRevoked, Hear, LookSoon);
        using var timer = new PeriodicTimer(BetweenLooks, _clock);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var reset = _lookNow.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var first = await Task.WhenAny(tick, reset);
            if (stoppingToken.IsCancellationRequested)
                return;
            if (first == tick)
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            else
                reset = _lookNow.WaitAsync(stoppingToken);
            await LookAsync(stoppingToken);
        }
    }

    private void Hear(string sessionId)
    {
        if (Guid.TryParse(sessionId, out var id))
            _revoked[id] = _clock.GetUtcNow();
    }

    private void LookSoon()
    {
        try
        {
            _lookNow.Release();
        }
        catch (SemaphoreFullException)
        {
            // A look is due already.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var now = _clock.Now();
            await using var scope = _scopes.CreateAsyncScope();
            foreach (var id in await scope.ServiceProvider.GetRequiredService<Sessions>().RevokedSinceAsync(now - _tokenLifetime, ct))
                _revoked.TryAdd(id, now);
            foreach (var (id, since) in _revoked)
            {
                if (since < now - _tokenLifetime)
                    _revoked.TryRemove(id, out _);
            }

            await _keys.RefreshAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping is no failure.
        }
        catch (Exception e)
        {
            // Until the database answers again, what is known stays known.
            LogFailed(_logger, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revoked sessions or signing keys could not be read: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
