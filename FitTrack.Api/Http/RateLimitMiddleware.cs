using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Primitives;

namespace FitTrack.Api.Http;

/// <summary>Counts the request and tells the caller what is left. Between authentication (it counts by member) and everything that costs.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitCounter counter, AddressBlocks blocks, TimeProvider clock)
{
    private const int CachedNumbers = 1024;

    private static readonly string[] Numbers = [.. Enumerable.Range(0, CachedNumbers).Select(n => Text(n))];

    private readonly NumberText?[] _limits = new NumberText?[3];
    private NumberText? _reset;

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<DisableRateLimitingAttribute>() is not null)
            return next(context);

        var kind = metadata?.GetMetadata<RateLimitMetadata>()?.Kind
            ?? (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? RateLimitKind.Read : RateLimitKind.Write);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var verdict = counter.Count(Caller.Of(context), kind, now);

        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = Lasting(ref _limits[(int)kind], verdict.Limit);
        headers["X-RateLimit-Remaining"] = Number(verdict.Remaining);
        headers["X-RateLimit-Reset"] = Lasting(ref _reset, verdict.ResetAt);
        if (verdict.Allowed)
            return next(context);

        var address = Caller.Address(context.Connection.RemoteIpAddress);
        var until = blocks.AfterRefusals(address, counter.CountRefusal(address, now), now) ?? verdict.ResetAt;
        headers["X-RateLimit-Reset"] = Text(until);
        return AddressBlockMiddleware.Refuse(context, until - now);
    }

    private static StringValues Number(int value) => (uint)value < CachedNumbers ? Numbers[value] : Text(value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same text for everybody for a minute or for ever, so it is made once.</summary>
    private static string Lasting(ref NumberText? last, long value)
    {
        var known = Volatile.Read(ref last);
        if (known is not null && known.Value == value)
            return known.Text;
        var fresh = new NumberText(value, value.ToString(CultureInfo.InvariantCulture));
        Volatile.Write(ref last, fresh);
        return fresh.Text;
    }

    private sealed record NumberText(long Value, string Text);
}

/// <summary>Refuses blocked addresses before anything is done for them, the check of a token included.</summary>
internal sealed class AddressBlockMiddleware(RequestDelegate next, AddressBlocks blocks, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return blocks.UntilFor(Caller.Address(context.Connection.RemoteIpAddress), now) is { } until && context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is null
            ? Refuse(context, until - now)
            : next(context);
    }

    internal static Task Refuse(HttpContext context, long seconds) =>
        Problems.TooManyRequests($"Too many requests. Try again in {seconds} seconds.", TimeSpan.FromSeconds(seconds)).ExecuteAsync(context);
}
