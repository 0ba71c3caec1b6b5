using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Http;

/// <summary>Marks an endpoint that honours <c>Idempotency-Key</c>, for the documentation.</summary>
internal sealed record IdempotentMetadata;

/// <summary>
/// Idempotency for handlers that save through the request's <see cref="FitTrackDbContext"/> without a transaction of their own: the
/// handler and the record of its answer are committed together. Use cases that need their own transaction use <see cref="Idempotency"/>.
/// </summary>
internal static class IdempotentEndpoints
{
    /// <summary>Repetitions under the same <c>Idempotency-Key</c> get the first answer. Without the header nothing changes.</summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.WithMetadata(new IdempotentMetadata());
        endpoints.Finally(static endpoint =>
        {
            var handler = endpoint.RequestDelegate ?? throw new InvalidOperationException("The endpoint has no handler.");
            endpoint.RequestDelegate = context => context.Request.Headers.ContainsKey(IdempotencyHeader.Name) ? OnceAsync(context, handler) : handler(context);
        });
        return endpoints;
    }

    private static async Task OnceAsync(HttpContext context, RequestDelegate handler)
    {
        var ct = context.RequestAborted;
        var header = new IdempotencyHeader(context.Request.Headers[IdempotencyHeader.Name].ToString());
        if (header.Error is { } invalid)
        {
            await invalid.ExecuteAsync(context);
            return;
        }

        var request = header.For(context.User.RequiredMemberId(), context.Request.Method, context.Request.Path.Value ?? "", await HashBodyAsync(context.Request, ct))!;
        if (await TryRepeatAsync(context, request))
            return;

        var response = context.Response;
        var wire = response.Body;
        using var answer = new MemoryStream();
        response.Body = answer;
        bool stored;
        try
        {
            stored = await RunAsync(context, handler, request, answer);
        }
        finally
        {
            response.Body = wire;
        }

        // Not stored: it was refused, or someone was faster. What was stored in the meantime answers both.
        if (!stored && await TryRepeatAsync(context, request))
            return;
        await wire.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), ct);
    }

    /// <summary>True when the handler's work and its answer are committed, false when nothing was.</summary>
    private static async Task<bool> RunAsync(HttpContext context, RequestDelegate handler, IdempotentRequest request, MemoryStream answer)
    {
        var ct = context.RequestAborted;
        var db = context.RequestServices.GetRequiredService<FitTrackDbContext>();
        var now = context.RequestServices.GetRequiredService<TimeProvider>().Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await handler(context);
        if (context.Response.StatusCode is < 200 or > 299)
            return false;

        var body = answer.Length == 0 ? null : Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        db.Add(IdempotencyKey.For(request, context.Response.StatusCode, body, context.Response.Headers.Location, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (DbErrors.IsUniqueViolation(exception))
        {
            return false;
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Answers as the first time, or 422 if the key was used for something else; false when the key is new.</summary>
    private static async Task<bool> TryRepeatAsync(HttpContext context, IdempotentRequest request)
    {
        var db = context.RequestServices.GetRequiredService<FitTrackDbContext>();
        var now = context.RequestServices.GetRequiredService<TimeProvider>().Now();
        var recalled = await db.RecallAsync(request, now, context.RequestAborted);
        if (recalled.IsNew)
            return false;
        if (recalled.First is { } first)
            await new RepeatedResult(first).ExecuteAsync(context);
        else
            await IdempotencyHeader.UsedForSomethingElse().ExecuteAsync(context);
        return true;
    }

    private static async Task<string> HashBodyAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, ct));
        request.Body.Position = 0;
        return hash;
    }

    /// <summary>The first answer once more, marked with <c>Idempotency-Replayed</c>.</summary>
    private sealed class RepeatedResult(IdempotencyKey first) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = first.StatusCode;
            response.Headers["Idempotency-Replayed"] = "true";
            response.Headers.Location = first.Location;
            if (first.ResponseBody is null)
                return;
            response.ContentType = "application/json; charset=utf-8";
            await response.WriteAsync(first.ResponseBody, httpContext.RequestAborted);
        }
    }
}
