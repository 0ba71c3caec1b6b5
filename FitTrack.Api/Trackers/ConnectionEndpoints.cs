using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Trackers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Trackers;

/// <param name="Provider">Such as <c>garmin</c>.</param>
/// <param name="Status"><c>connected</c>, <c>pending</c> (no data yet), <c>needs_reconnect</c> or <c>error</c>.</param>
/// <param name="IsPrimary">Steps and minutes come from this one.</param>
/// <param name="LastSyncAt">Data last came.</param>
/// <param name="NextSyncAt">Data is fetched next; null where the provider sends by itself.</param>
/// <param name="LastError">What is wrong, while something is.</param>
public sealed record ConnectionItem(string Provider, ConnectionStatus Status, bool IsPrimary, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, string? LastError);

public sealed record ConnectionList(IReadOnlyList<ConnectionItem> Items);

internal static class ConnectionEndpoints
{
    public static RouteGroupBuilder MapConnections(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/connections").WithTags("Trackers").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The caller's trackers, the primary first");
        return group;
    }

    private static async Task<Ok<ConnectionList>> ListAsync(ClaimsPrincipal user, TrackerConnections connections, CancellationToken ct)
    {
        var items = await connections.ListAsync(user.RequiredMemberId(), ct);
        return TypedResults.Ok(new ConnectionList([.. items.Select(c => new ConnectionItem(c.Provider, c.Status, c.IsPrimary, c.LastSyncAt, c.NextSyncAt, c.LastError))]));
    }
}
