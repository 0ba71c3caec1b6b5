using System.Buffers;
using System.Data.Common;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Terra;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Trackers;

/// <param name="Status"><c>accepted</c>, or <c>duplicate</c> where this delivery was stored before.</param>
public sealed record WebhookAnswer(string Status);

/// <summary>Where providers send to: signed instead of signed in, limited by size instead of by rate.</summary>
internal static partial class WebhookEndpoints
{
    private static readonly WebhookAnswer Stored = new("accepted");
    private static readonly WebhookAnswer Duplicate = new("duplicate");
    private static readonly TimeSpan TryAgainIn = TimeSpan.FromSeconds(30);

    public static RouteGroupBuilder MapWebhooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/webhooks").WithTags("Trackers").AllowAnonymous().DisableRateLimiting();
        group.MapPost("/terra", TerraAsync).Accepts<object>("application/json").WithSummary("Terra's webhooks: stored, acknowledged, processed by the Worker");
        return group;
    }

    private static async Task<Results<Accepted<WebhookAnswer>, BadRequestProblem, UnauthorizedProblem, PayloadTooLargeProblem, UnavailableProblem>> TerraAsync(
        HttpRequest request, WebhookInbox inbox, IOptions<TerraOptions> terra, IOptions<RequestLimitOptions> limits, TimeProvider clock, ILogger<WebhookMessage> logger, CancellationToken ct)
    {
        var options = terra.Value;
        if (await ReadAsync(request, (int)Math.Min(limits.Value.WebhookBytes, WebhookMessage.MaxBody), ct) is not { } body)
            return Problems.PayloadTooLarge();
        var now = clock.Now();
        if (!IsSigned(request, body, options, now))
            return Problems.Unauthorized("The signature is missing, wrong or too old.");
        if (TerraEnvelope.Read(body, options.MaxItems, out var problem) is not { } envelope)
            return Problems.BadRequest(problem!);

        var id = TerraEnvelope.DeliveryId(request.Headers["X-Terra-Trace-Id"], body);
        var orderedAt = TerraEnvelope.OrderingTime(request.Headers["X-Terra-Ordering-Timestamp"]);
        var message = WebhookMessage.Receive(TrackerService.Terra, id, envelope.EventType, envelope.ExternalUserId, envelope.Text, orderedAt, now);
        return await StoreAsync(message, inbox, logger, ct) is { } answer ? TypedResults.Accepted((string?)null, answer) : NotStoredNow();
    }

    /// <summary>Null when the database cannot store it: the sender must keep it.</summary>
    internal static async Task<WebhookAnswer?> StoreAsync(WebhookMessage message, WebhookInbox inbox, ILogger<WebhookMessage> logger, CancellationToken ct)
    {
        try
        {
            return await inbox.StoreAsync(message, ct) ? Stored : Duplicate;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && IsOfTheDatabase(e))
        {
            NotStored(logger, e);
            return null;
        }
    }

    internal static UnavailableProblem NotStoredNow() => Problems.Unavailable(TryAgainIn, "The message could not be stored; send it again.");

    private static bool IsSigned(HttpRequest request, byte[] body, TerraOptions options, DateTimeOffset now)
    {
        var tolerance = TimeSpan.FromSeconds(options.SignatureToleranceSeconds);
        return TerraSignature.Verify(request.Headers["X-Terra-Signature"], body, options.WebhookSecret, now, tolerance)
            || TerraSignature.Verify(request.Headers["Terra-Signature"], body, options.WebhookSecret, now, tolerance);
    }

    /// <summary>The raw body, which the signature is about; null when it is larger than allowed.</summary>
    internal static async Task<byte[]?> ReadAsync(HttpRequest request, int most, CancellationToken ct)
    {
        if (request.ContentLength > most)
            return null;
        // The server's own limit is meant for members' requests.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(ct);
            var tooLong = read.Buffer.Length > most;
            if (!tooLong && !read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var body = tooLong ? null : read.Buffer.ToArray();
            // A read that is left open makes the server close the connection.
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    private static bool IsOfTheDatabase(Exception? e) => e is DbException or TimeoutException || (e is not null && IsOfTheDatabase(e.InnerException));

    [LoggerMessage(LogLevel.Warning, "A webhook could not be stored; the sender is asked to send it again")]
    private static partial void NotStored(ILogger logger, Exception exception);
}
