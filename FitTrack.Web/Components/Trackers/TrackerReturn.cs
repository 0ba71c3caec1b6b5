using FitTrack.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Web.Components.Trackers;

/// <summary>
/// Where a sign-in at a provider ends: it is finished for the member who is signed in in this browser, and for nobody else. Whoever is not signed
/// in does that first. In Development the test page, whose members have no cookie, is given the chance to finish it.
/// </summary>
internal static class TrackerReturn
{
    public static void MapTrackerReturn(this IEndpointRouteBuilder routes) => routes.MapGet("/trackers/return/{provider}", FinishAsync);

    private static async Task<Results<RedirectHttpResult, ChallengeHttpResult>> FinishAsync(string provider, HttpContext http, FitTrackApi api, IHostEnvironment environment, CancellationToken ct)
    {
        if (http.User.Identity?.IsAuthenticated != true)
            return environment.IsDevelopment() ? TypedResults.LocalRedirect($"/test/return.html{http.Request.QueryString.Add("provider", provider)}") : TypedResults.Challenge();
        var answer = await api.FinishSignInAsync(provider, http.Request.Query, ct);
        var end = answer.Value?.Result ?? (answer.Status == StatusCodes.Status404NotFound ? SignInEnd.Expired : SignInEnd.Failed);
        return TypedResults.LocalRedirect($"/trackers?provider={Uri.EscapeDataString(provider)}&result={end.ToString().ToLowerInvariant()}");
    }
}
