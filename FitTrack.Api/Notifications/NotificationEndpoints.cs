using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Notifications;

/// <param name="Category">What it is about.</param>
/// <param name="Link">A path inside the site.</param>
/// <param name="ReadAt">Null while it is new.</param>
public sealed record NoticeItem(Guid Id, NotificationCategory Category, string Title, string Body, string? Link, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);

/// <param name="Marked">How many were new.</param>
public sealed record NoticesRead(int Marked);

public sealed record NoticeChoices(IReadOnlyList<NoticeChoice> Items);

/// <param name="InApp">Null leaves it.</param>
/// <param name="Email">Null leaves it; mails about the account and about prizes are sent either way.</param>
public sealed record NoticeChoiceRequest([property: Required] NotificationCategory? Category, bool? InApp, bool? Email);

public sealed record NoticeChoicesRequest([property: Required] IReadOnlyList<NoticeChoiceRequest>? Items);

/// <summary>The caller's notices, and what reaches them how.</summary>
internal static class NotificationEndpoints
{
    private static readonly ListSpec<Notification> List = new ListSpec<Notification>(n => n.Id)
        .Sort("created_at", n => n.CreatedAt)
        .Filter("category", n => n.Category)
        .Filter("is_read", n => n.ReadAt != null)
        .DefaultSort("-created_at");

    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/notifications").WithTags("Notifications").RequireAuthorization();
        group.MapGet("", ListAsync).WithList(List).WithSummary("The caller's notices, newest first");
        group.MapPost("/read", ReadAsync).WithSummary("Marks all as read");
        group.MapGet("/choices", ChoicesAsync).WithSummary("What reaches the caller how");
        group.MapPut("/choices", ChooseAsync).WithSummary("Chooses what reaches the caller how");
    }

    private static Task<Results<PageResult<NoticeItem>, InvalidProblem>> ListAsync(ListRequest list, ClaimsPrincipal user, Notices notices, CancellationToken ct) =>
        List.PageAsync(list, notices.Of(user.RequiredMemberId()), n => new NoticeItem(n.Id, n.Category, n.Title, n.Body, n.Link, n.CreatedAt, n.ReadAt), ct);

    private static async Task<Ok<NoticesRead>> ReadAsync(ClaimsPrincipal user, Notices notices, CancellationToken ct) =>
        TypedResults.Ok(new NoticesRead(await notices.ReadAllAsync(user.RequiredMemberId(), ct)));

    private static async Task<Ok<NoticeChoices>> ChoicesAsync(ClaimsPrincipal user, Notices notices, CancellationToken ct) =>
        TypedResults.Ok(new NoticeChoices(await notices.ChoicesAsync(user.RequiredMemberId(), ct)));

    private static async Task<Ok<NoticeChoices>> ChooseAsync(NoticeChoicesRequest request, ClaimsPrincipal user, Notices notices, CancellationToken ct)
    {
        var caller = user.RequiredMemberId();
        var choices = request.Items!.DistinctBy(i => i.Category).SelectMany(i => new (NotificationCategory, NotificationChannel, bool?)[]
        {
            (i.Category!.Value, NotificationChannel.InApp, i.InApp),
            (i.Category.Value, NotificationChannel.Email, i.Email),
        });
        await notices.ChooseAsync(caller, choices.Where(c => c.Item3 is not null).Select(c => (c.Item1, c.Item2, c.Item3!.Value)), ct);
        return TypedResults.Ok(new NoticeChoices(await notices.ChoicesAsync(caller, ct)));
    }
}
