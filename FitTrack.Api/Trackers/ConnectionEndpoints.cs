using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Trackers;

internal static class ConnectionEndpoints
{
    private static readonly TimeSpan TryAgainIn = TimeSpan.FromSeconds(30);

    public static RouteGroupBuilder MapConnections(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/connections").WithTags("Trackers").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The caller's trackers, the primary first");
        group.MapPost("/{provider}/initiate", InitiateAsync).WithSummary("Begin to connect a tracker: answers the page to sign in on, or takes an API key");
        group.MapGet("/{provider}/callback", CallbackAsync).AllowAnonymous().WithSummary("Where providers send the browser back to: sends it on to the front end, with what the provider said");
        group.MapPost("/{provider}/callback", FinishAsync).WithSummary("Finish a sign-in at a provider, as the member who began it");
        group.MapPut("/{provider}/set-primary", SetPrimaryAsync).WithSummary("Take steps and minutes from this tracker");
        group.MapPost("/{provider}/sync", SyncAsync).WithSummary("Fetch data now; once in five minutes");
        group.MapDelete("/{provider}", DisconnectAsync).WithSummary("Disconnect a tracker; its activities stay");
        return group;
    }

    private static async Task<Ok<ConnectionList>> ListAsync(ClaimsPrincipal user, TrackerConnections connections, CancellationToken ct) =>
        TypedResults.Ok(new ConnectionList([.. (await connections.ListAsync(user.RequiredMemberId(), ct)).Select(ConnectionItem.Of)]));

    private static async Task<Results<Ok<InitiateAnswer>, NotFoundProblem, ConflictProblem, InvalidProblem, UnavailableProblem>> InitiateAsync(
        string provider, InitiateRequest? body, ClaimsPrincipal user, BeginConnection begin, IOptions<TrackerOptions> options, HttpRequest request, CancellationToken ct)
    {
        var result = await begin.ExecuteAsync(user.RequiredMemberId(), provider, body?.ApiKey, Callback(provider, options.Value, request), ct);
        return result.Outcome switch
        {
            BeginOutcome.SignIn or BeginOutcome.Connected => TypedResults.Ok(new InitiateAnswer(result.Page?.AbsoluteUri, result.SessionToken)),
            BeginOutcome.UnknownProvider => Problems.NotFound("There is no such provider."),
            BeginOutcome.PhoneOnly => Problems.Conflict("This tracker can only be connected in its phone app, not in a browser."),
            BeginOutcome.NotConfigured => Problems.Conflict("This provider is not available here."),
            BeginOutcome.TakenByAnotherMember => Problems.Conflict(Taken),
            BeginOutcome.KeyMissing => Problems.Invalid("apiKey", "Give the API key from the provider's settings."),
            BeginOutcome.KeyRefused => Problems.Invalid("apiKey", "The provider does not know this key."),
            _ => Problems.Unavailable(TryAgainIn, "The provider does not answer at the moment."),
        };
    }

    private static async Task<RedirectHttpResult> CallbackAsync(
        string provider, string? state, string? code, string? scope, string? error, string? user_id, FinishConnection finish, CancellationToken ct) =>
        TypedResults.Redirect((await finish.NextPageAsync(provider, new SignInReturn(state, code, scope, error, user_id), ct)).AbsoluteUri);

    private static async Task<Results<Ok<SignInAnswer>, NotFoundProblem, InvalidProblem>> FinishAsync(string provider, FinishRequest body, ClaimsPrincipal user, FinishConnection finish, CancellationToken ct)
    {
        var result = await finish.ExecuteAsync(user.RequiredMemberId(), provider, new SignInReturn(body.State, body.Code, body.Scope, body.Error, body.UserId), ct);
        return result == SignInResult.Expired ? Problems.NotFound("You began no such sign-in, or too long ago. Please begin again.") : TypedResults.Ok(new SignInAnswer(result));
    }

    private static async Task<Results<Ok<ConnectionItem>, NotFoundProblem, ConflictProblem>> SetPrimaryAsync(string provider, ClaimsPrincipal user, TrackerConnections connections, CancellationToken ct)
    {
        var memberId = user.RequiredMemberId();
        return await connections.SetPrimaryAsync(memberId, provider, ct) switch
        {
            SetPrimaryOutcome.Changed => TypedResults.Ok(ConnectionItem.Of((await connections.ListAsync(memberId, ct)).Single(c => c.Provider == provider))),
            SetPrimaryOutcome.NotConnected => Problems.NotFound(NotConnected),
            SetPrimaryOutcome.MayNotScore => Problems.Conflict("This tracker's data may not earn points, so it cannot be the primary one."),
            _ => Problems.Conflict("The primary tracker was changed at the same moment; try again."),
        };
    }

    private static async Task<Results<Accepted<ConnectionMessage>, NotFoundProblem, ConflictProblem, InvalidProblem, TooManyRequestsProblem>> SyncAsync(
        string provider, string? full_sync, ClaimsPrincipal user, SyncJobs jobs, CancellationToken ct)
    {
        if (full_sync is not (null or "true" or "false"))
            return Problems.Invalid("full_sync", "Must be true or false.");
        var request = await jobs.RequestAsync(user.RequiredMemberId(), provider, full_sync == "true", ct);
        return request.Outcome switch
        {
            SyncRequestOutcome.Queued => TypedResults.Accepted((string?)null, new ConnectionMessage("Sync queued")),
            SyncRequestOutcome.NotConnected => Problems.NotFound(NotConnected),
            SyncRequestOutcome.NeedsReconnect => Problems.Conflict("Sign in at the provider again first."),
            SyncRequestOutcome.NothingToFetch => Problems.Conflict("This tracker sends its data by itself."),
            _ => Problems.TooManyRequests("Manual sync allowed once per 5 minutes", request.Wait),
        };
    }

    private static async Task<Results<Ok<ConnectionMessage>, NotFoundProblem>> DisconnectAsync(string provider, ClaimsPrincipal user, DisconnectTracker disconnect, CancellationToken ct) =>
        await disconnect.ExecuteAsync(user.RequiredMemberId(), provider, ct)
            ? TypedResults.Ok(new ConnectionMessage(provider == "strava" ? "Disconnected. What Strava sent is deleted within two days, as its terms ask." : "Disconnected. Your activities stay."))
            : Problems.NotFound(NotConnected);

    /// <summary>The Api as the browser reaches it: as configured, else as it was asked.</summary>
    private static Uri Callback(string provider, TrackerOptions options, HttpRequest request) =>
        new(options.PublicUrl ?? new Uri($"{request.Scheme}://{request.Host}"), $"/api/v1/connections/{Uri.EscapeDataString(provider)}/callback");

    private const string NotConnected = "No such tracker is connected.";
    private const string Taken = "This account feeds another member already. An account can feed one member only.";
}
