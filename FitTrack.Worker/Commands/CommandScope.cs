using FitTrack.Core;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.ServiceDefaults;

namespace FitTrack.Worker.Commands;

/// <summary>Runs a command's work over the same services as the host, without its jobs and without a web server.</summary>
internal static partial class CommandScope
{
    /// <summary>
    /// What the work answers is the exit code. A failure is one line for the operator on standard error, with the
    /// details in the log if it was unexpected, and exit code 1; so is being stopped.
    /// </summary>
    public static async Task<int> RunAsync(Func<IServiceProvider, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        var builder = Host.CreateApplicationBuilder();
        // Standard output belongs to the command; logs go beside it.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddServiceDefaults();
        builder.AddFitTrackDatabase();
        builder.Services.AddFitTrackCore();
        using var host = builder.Build();
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var exitCode = await work(scope.ServiceProvider, ct);
            await host.Services.GetRequiredService<IMessageBus>().FlushAsync(ct);
            return exitCode;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before it was done.");
            return 1;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            if (e is not SchemaException && !DbErrors.IsUnavailable(e))
                LogFailed(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FitTrack.Worker.Commands"), e);
            return 1;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The command failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
