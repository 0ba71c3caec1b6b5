namespace FitTrack.AppHost.Local;

/// <summary>A child that is meant to run until the launcher stops: started again, ever more slowly, when it ends by itself.</summary>
internal sealed class SupervisedChild : IAsyncDisposable
{
    private const int StartAttempts = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettledAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(50);
    // Every program starts at once, and a machine that is busy with other things takes minutes for that.
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(5);

    private readonly ChildSpec _spec;
    private readonly ConsoleOutput _output;
    private readonly Func<CancellationToken, Task<bool>> _isReady;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _supervision;
    private volatile ChildProcess? _current;
    private volatile bool _wasReady;

    /// <param name="spec">What to start.</param>
    /// <param name="isReady">Looks once whether it can be used.</param>
    /// <param name="output">Where its lines go.</param>
    public SupervisedChild(ChildSpec spec, Func<CancellationToken, Task<bool>> isReady, ConsoleOutput output)
    {
        _spec = spec;
        _isReady = isReady;
        _output = output;
        _supervision = SuperviseAsync();
    }

    /// <summary>Waits until the child can be used.</summary>
    /// <exception cref="LaunchException">It ended three times before that, or took more than five minutes.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ReadyPatience);
        try
        {
            while (!await _isReady(patience.Token))
            {
                if (_supervision.IsCompleted)
                    await _supervision;
                await Task.Delay(ProbeInterval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LaunchException($"{_spec.Name} did not become ready within {ReadyPatience.TotalMinutes:0} minutes; its output is above.");
        }

        _wasReady = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_current is { } child)
            await child.StopAsync();
        await _supervision.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stopping.Dispose();
    }

    private async Task SuperviseAsync()
    {
        var pause = FirstPause;
        for (var attempt = 1; !_stopping.IsCancellationRequested; attempt++)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            var child = _current = await ChildProcess.StartAsync(_spec, line => _output.Child(_spec.Name, line));
            if (_stopping.IsCancellationRequested)
                await child.StopAsync();
            var exitCode = await child.Exited;
            if (_stopping.IsCancellationRequested)
                return;
            if (!_wasReady && attempt == StartAttempts)
                throw new LaunchException($"{_spec.Name} ended {StartAttempts} times while starting (exit code {exitCode}); its output is above.");
            if (TimeProvider.System.GetElapsedTime(startedAt) > SettledAfter)
                pause = FirstPause;

            _output.Say($"{_spec.Name} ended by itself (exit code {exitCode}); starting it again in {pause.TotalSeconds:0.#} s");
            await Task.Delay(pause, _stopping.Token);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
