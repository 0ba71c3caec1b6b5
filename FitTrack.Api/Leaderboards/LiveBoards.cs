using System.Collections.Concurrent;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Leaderboards;

/// <summary>
/// The boards that somebody listens to. One loop looks at each once a second, which also makes many changes one event; whoever
/// listens waits for the same task and holds no thread meanwhile.
/// </summary>
internal sealed partial class LiveBoards(
    BoardCache boards, TimeProvider clock, IHostApplicationLifetime lifetime, IOptions<LeaderboardOptions> options, ILogger<LiveBoards> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>After so many quiet seconds listeners hear a comment, so that dead connections show.</summary>
    private const int QuietSeconds = 15;

    private readonly ConcurrentDictionary<(PeriodKind Kind, string Tier), LiveBoard> _boards = new();
    private int _listeners;

    /// <summary>The board as it is now and from now on, with a place among those who listen; null when all are taken. Give it back with <see cref="Leave"/>.</summary>
    public async Task<LiveBoard?> EnterAsync(PeriodKind kind, string tier, CancellationToken ct)
    {
        var read = await ReadAsync(kind, tier, ct);
        if (Interlocked.Increment(ref _listeners) > options.Value.MostListeners)
        {
            Interlocked.Decrement(ref _listeners);
            return null;
        }

        var board = _boards.GetOrAdd((kind, tier), static (_, first) => new LiveBoard(first), read);
        board.Enter();
        // While nobody listened nobody looked.
        if (board.Now.Event.Id != read.Id)
            board.Tell(read);
        return board;
    }

    public void Leave(LiveBoard board)
    {
        board.Leave();
        Interlocked.Decrement(ref _listeners);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open requests before it stops: they must end when the stop begins.
        await using var stopping = lifetime.ApplicationStopping.Register(EndAll);
        using var timer = new PeriodicTimer(Pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (key, board) in _boards.Where(b => b.Value.IsHeard))
                    await RefreshAsync(key.Kind, key.Tier, board, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            EndAll();
        }
    }

    private async Task RefreshAsync(PeriodKind kind, string tier, LiveBoard board, CancellationToken ct)
    {
        try
        {
            var read = await ReadAsync(kind, tier, ct);
            if (read.Id != board.Now.Event.Id || board.Quiet >= QuietSeconds)
                board.Tell(read);
            else
                board.Quiet++;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, tier, e);
        }
    }

    private async Task<LiveEvent> ReadAsync(PeriodKind kind, string tier, CancellationToken ct) =>
        RenderedBoard.Of(await boards.GetAsync(boards.Current(kind), tier, LiveEvent.Rows, ct)).Live();

    private void EndAll()
    {
        foreach (var board in _boards.Values)
            board.End();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A board of {Tier} could not be read for those who listen; trying again in a second.")]
    private static partial void LogFailed(ILogger logger, string tier, Exception exception);
}

/// <summary>What a board says now, and a task that ends when there is more to say.</summary>
internal sealed class LiveBoard(LiveEvent first)
{
    private Moment _now = new(first, IsLast: false);
    private int _listeners;

    public bool IsHeard => Volatile.Read(ref _listeners) > 0;

    public Moment Now => Volatile.Read(ref _now);

    /// <summary>Seconds since the listeners last heard something.</summary>
    public int Quiet { get; set; }

    public void Enter() => Interlocked.Increment(ref _listeners);

    public void Leave() => Interlocked.Decrement(ref _listeners);

    public void Tell(LiveEvent told)
    {
        Quiet = 0;
        Pass(new Moment(told, IsLast: false));
    }

    public void End() => Pass(Now with { IsLast = true });

    private void Pass(Moment next) => Interlocked.Exchange(ref _now, next).Ended.TrySetResult();

    internal sealed record Moment(LiveEvent Event, bool IsLast)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
