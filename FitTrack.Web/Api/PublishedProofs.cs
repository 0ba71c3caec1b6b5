using Microsoft.AspNetCore.Diagnostics;

namespace FitTrack.Web.Api;

/// <summary>The page that verifies drawings in the browser, and what it reads: proofs and keys, handed through from the Api as they are.</summary>
internal static class PublishedProofs
{
    private const string Page = "/verify";

    public static void MapPublishedProofs(this WebApplication app)
    {
        app.MapGet(Page, (HttpContext context, IWebHostEnvironment environment) => context.Request.Path.Value!.EndsWith('/')
            ? Results.File(environment.WebRootFileProvider.GetFileInfo("verify/index.html").PhysicalPath!, "text/html; charset=utf-8")
            : Results.LocalRedirect(Page + "/" + context.Request.QueryString));
        app.MapGet(Page + "/proof/{id:guid}", (Guid id, HttpContext context) => HandThroughAsync($"/api/v1/drawings/{id}/proof", context));
        app.MapGet("/.well-known/draw-keys.json", (HttpContext context) => HandThroughAsync("/.well-known/draw-keys.json", context));
    }

    private static async Task HandThroughAsync(string path, HttpContext context)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await ApiStreams.AskAsync(context, request);
        if (answer is null) return;
        (context.Response.StatusCode, context.Response.ContentType) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString());
        context.Response.Headers.CacheControl = "no-cache";
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
