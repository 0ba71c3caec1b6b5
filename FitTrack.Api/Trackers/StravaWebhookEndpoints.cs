using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Strava;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Trackers;

/// <param name="Challenge">What Strava asked to see again.</param>
public sealed record StravaChallenge([property: JsonPropertyName("hub.challenge")] string Challenge);

/// <summary>
/// Strava's webhooks (push subscription). They are not signed: they are taken at an address only Strava knows, must name our
/// subscription, and are never more than a hint at what to read again.
/// </summary>
internal static class StravaWebhookEndpoints
{
    private const int MostBytes = 16 * 1024;

    public static void MapStravaWebhooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/webhooks").WithTags("Trackers").AllowAnonymous().DisableRateLimiting();
        group.MapGet("/strava/{key?}", Confirm).WithSummary("Strava asks whether the subscription is ours");
        group.MapPost("/strava/{key?}", ReceiveAsync).Accepts<object>("application/json").LimitBody(MostBytes).WithSummary("Strava's webhooks: stored, acknowledged, processed by the Worker");
    }

    private static Results<Ok<StravaChallenge>, ForbiddenProblem, NotFoundProblem> Confirm(string? key, HttpRequest request, IOptions<StravaOptions> strava)
    {
        if (!IsOurs(key, strava.Value))
            return Problems.NotFound();
        var (mode, token, challenge) = (request.Query["hub.mode"], request.Query["hub.verify_token"].ToString(), request.Query["hub.challenge"].ToString());
        return mode == "subscribe" && strava.Value.VerifyToken.Length > 0 && AreEqual(token, strava.Value.VerifyToken) && challenge.Length is > 0 and <= 200
            ? TypedResults.Ok(new StravaChallenge(challenge))
            : Problems.Forbidden("The verify token is not ours.");
    }

    private static async Task<Results<Ok<WebhookAnswer>, BadRequestProblem, UnauthorizedProblem, NotFoundProblem, PayloadTooLargeProblem, UnavailableProblem>> ReceiveAsync(
        string? key, HttpRequest request, WebhookInbox inbox, IOptions<StravaOptions> strava, TimeProvider clock, ILogger<WebhookMessage> logger, CancellationToken ct)
    {
        if (!IsOurs(key, strava.Value))
            return Problems.NotFound();
        if (await WebhookEndpoints.ReadAsync(request, MostBytes, ct) is not { } body)
            return Problems.PayloadTooLarge();
        if (StravaEvent.Read(body) is not { } read)
            return Problems.BadRequest("The body is no event.");
        if (strava.Value.SubscriptionId is { } ours && read.SubscriptionId != ours)
            return Problems.Unauthorized("The subscription is not ours.");

        var id = "event:" + Convert.ToHexStringLower(SHA256.HashData(body));
        var message = WebhookMessage.Receive(TrackerService.Strava, id, read.Kind, read.OwnerId.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(body), null, clock.Now());
        // 200 and nothing else: Strava takes any other answer for a failure.
        return await WebhookEndpoints.StoreAsync(message, inbox, logger, ct) is { } answer ? TypedResults.Ok(answer) : WebhookEndpoints.NotStoredNow();
    }

    private static bool IsOurs(string? key, StravaOptions strava) => strava.IsConfigured && AreEqual(key ?? "", strava.WebhookKey);

    private static bool AreEqual(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
