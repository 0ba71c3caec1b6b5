using FitTrack.ServiceDefaults.Http;
using Microsoft.AspNetCore.Diagnostics;

namespace FitTrack.Web.Api;

/// <summary>
/// The test page and its way to the Api: <c>/test/api/v1/...</c> is <c>/api/v1/...</c> there, and <c>/mail</c> its mail drop. Only what is named here goes along, so no cookie of
/// the site takes part and a page of another site gains nothing. In Development only; elsewhere everything below <c>/test</c> is 404.
/// </summary>
internal static class ApiPassThrough
{
    public const string ClientName = "api-pass-through";

    /// <summary>What the Api would have sent, for whoever registers where nothing is sent.</summary>
    public const string MailDrop = "/mail";

    private const string TestPage = "/test";

    private static readonly string[] Sent = ["Authorization", "Accept", "Idempotency-Key", "If-Match", "If-None-Match"];
    private static readonly string[] Told = ["ETag", "Location", "Link", "Retry-After", "WWW-Authenticate", "X-Correlation-Id", "X-Total-Count", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Idempotency-Replayed", "Content-Security-Policy", "Cache-Control"];

    public static void UseTestPageInDevelopmentOnly(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            return;
        app.UseWhen(static context => context.Request.Path.StartsWithSegments(TestPage, StringComparison.OrdinalIgnoreCase), static page => page.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }));
    }

    public static void MapApiPassThrough(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.Map(TestPage + "/api/{**path}", (HttpContext context, IHttpClientFactory clients) => ForwardAsync(context, clients, context.Request.Path.ToUriComponent()[TestPage.Length..]));
            app.MapGet(MailDrop + "/{**path}", (HttpContext context, IHttpClientFactory clients) => ForwardAsync(context, clients, context.Request.Path.ToUriComponent()));
        }
    }

    private static async Task ForwardAsync(HttpContext context, IHttpClientFactory clients, string path)
    {
        // The Api's answer is shown as it is, not as a page of ours.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        using var http = clients.CreateClient(ClientName);
        using var request = RequestOf(context.Request, path);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            var response = context.Response;
            response.StatusCode = (int)answer.StatusCode;
            response.ContentType = answer.Content.Headers.ContentType?.ToString();
            foreach (var header in Told)
            {
                if (answer.Headers.TryGetValues(header, out var values))
                    response.Headers[header] = values.ToArray();
            }

            await answer.Content.CopyToAsync(response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted)
        {
            await Results.Problem($"The Api cannot be reached: {e.Message}", statusCode: StatusCodes.Status502BadGateway).ExecuteAsync(context);
        }
    }

    private static HttpRequestMessage RequestOf(HttpRequest from, string to)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(from.Method), to + from.QueryString.ToUriComponent());
        request.Options.Set(HttpResilience.MayRetry, false);
        foreach (var header in Sent)
        {
            if (from.Headers.TryGetValue(header, out var values))
                request.Headers.TryAddWithoutValidation(header, values.AsEnumerable());
        }

        if (from.ContentType is { } type)
        {
            request.Content = new StreamContent(from.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return request;
    }
}
