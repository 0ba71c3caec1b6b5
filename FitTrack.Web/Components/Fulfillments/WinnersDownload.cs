using FitTrack.Web.Api;
using Microsoft.AspNetCore.Authorization;

namespace FitTrack.Web.Components.Fulfillments;

/// <summary>The winners as a file, handed through from the Api, which notes who read what.</summary>
internal static class WinnersDownload
{
    public static void MapWinnersDownload(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/fulfillments/export", DownloadAsync).RequireAuthorization(new AuthorizeAttribute { Roles = "admin" });

    private static async Task DownloadAsync(HttpContext http, FitTrackApi api, CancellationToken ct)
    {
        using var answer = await api.OpenWinnersAsync(http.Request.QueryString.ToUriComponent(), ct);
        var response = http.Response;
        response.StatusCode = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode) return;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        (response.Headers.CacheControl, response.Headers.ContentDisposition) = ("no-store", answer.Content.Headers.ContentDisposition?.ToString());
        await answer.Content.CopyToAsync(response.Body, ct);
    }
}
