using System.Threading.Channels;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Messaging;

namespace FitTrack.Worker.Drawings;

internal static class DrawingJobsRegistration
{
    public static IServiceCollection AddDrawingJobs(this IServiceCollection services) => services.AddHostedService<DrawingJobs>();
}

/// <summary>Makes, opens, closes and draws what is due, every minute and whenever the bus tells of a change.</summary>
internal sealed partial class DrawingJobs(RunDueDrawings due, IMessageBus bus, TimeProvider clock, ILogger<DrawingJobs> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake() => wake.Writer.TryWrite(true);

        await using var timer = clock.CreateTimer(_ => Wake(), null, TimeSpan.Zero, Interval);
        using var subscription = bus.Subscribe(BusTopics.Drawing, _ => Wake(), Wake);
        try
        {
            await foreach (var _ in wake.Reader.ReadAllAsync(stoppingToken)) await PassAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger);
        }
    }

    private async Task PassAsync(CancellationToken ct)
    {
        try
        {
            var pass = await due.RunAsync(ct);
            if (pass.DidSomething) LogPass(logger, pass.Made, pass.Opened, pass.Closed, pass.Drawn, pass.Refunded, pass.Stamped, pass.HeldUp, pass.Failed);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drawings: {Made} made, {Opened} opened, {Closed} closed, {Drawn} drawn, {Refunded} refunded, {Stamped} time-stamped, {HeldUp} held up, {Failed} failed.")]
    private static partial void LogPass(ILogger logger, int made, int opened, int closed, int drawn, int refunded, int stamped, int heldUp, int failed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pass over drawings failed; the next one is tried in its turn.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Drawings are left to other workers: this one stops.")]
    private static partial void LogStopped(ILogger logger);
}
