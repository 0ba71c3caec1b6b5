using System.Diagnostics;
using Microsoft.AspNetCore.Authentication;

namespace FitTrack.Api.Http;

/// <summary>
/// Gives every failure its problem document: answers that carry a status only (no route, wrong method, not signed in), and
/// exceptions. Unlike the framework's exception handler it keeps the headers that were set before (rate limits, correlation).
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    public Task InvokeAsync(HttpContext context)
    {
        // Not async: most answers complete at once and need no state machine.
        Task answering;
        try
        {
            answering = next(context);
        }
        catch (Exception exception)
        {
            return HandleAsync(context, exception);
        }

        return answering.IsCompletedSuccessfully ? CompleteAsync(context) : FinishAsync(context, answering);
    }

    private async Task FinishAsync(HttpContext context, Task answering)
    {
        try
        {
            await answering;
        }
        catch (Exception exception)
        {
            await HandleAsync(context, exception);
            return;
        }

        await CompleteAsync(context);
    }

    private static Task CompleteAsync(HttpContext context)
    {
        var response = context.Response;
        return response.StatusCode < 400 || response.HasStarted || response.ContentLength is not null || response.ContentType is not null
            ? Task.CompletedTask
            : DescribeAsync(context);
    }

    private static async Task DescribeAsync(HttpContext context)
    {
        var detail = context.Response.StatusCode == StatusCodes.Status401Unauthorized ? await WhyUnauthorizedAsync(context) : null;
        await ApiProblem.For(context, context.Response.StatusCode, detail).WriteAsync(context);
    }

    /// <summary>The authentication handler's verdict is remembered by the handler; asking again costs nothing.</summary>
    private static async Task<string?> WhyUnauthorizedAsync(HttpContext context)
    {
        var failure = (await context.AuthenticateAsync()).Failure;
        if (failure is null)
            return "Authentication required";
        return failure.Message == "Token expired" || failure.GetType().Name.Contains("Expired", StringComparison.Ordinal) ? "Token expired" : "Invalid token";
    }

    private async Task HandleAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            LogGone(logger, context.Request.Method, context.Request.Path);
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientClosedRequest;
            return;
        }

        var problem = ExceptionProblems.Describe(context, exception);
        if (problem.Status >= 500)
        {
            Activity.Current?.AddException(exception);
            Activity.Current?.SetStatus(ActivityStatusCode.Error);
            if (problem.Status == StatusCodes.Status503ServiceUnavailable)
                LogUnavailable(logger, context.Request.Method, context.Request.Path, exception.Message);
            else
                LogFailed(logger, exception, context.Request.Method, context.Request.Path);
        }

        if (context.Response.HasStarted)
        {
            // Half an answer is out: the connection is broken off, so that nobody takes it for a whole one.
            context.Abort();
            return;
        }

        context.Response.Headers.Remove("ETag");
        context.Response.ContentLength = null;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        await problem.WriteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path}: the caller went away.")]
    private static partial void LogGone(ILogger logger, string method, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: the database is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);
}
