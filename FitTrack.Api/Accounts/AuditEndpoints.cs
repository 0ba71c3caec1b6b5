using System.Linq.Expressions;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;

namespace FitTrack.Api.Accounts;

/// <summary>Something an administrator, or FitTrack itself, did.</summary>
/// <param name="Seq">1, 2, 3 ... without gaps.</param>
/// <param name="ActorId">Who; null for FitTrack itself.</param>
/// <param name="Action">What, such as <c>user.delete</c>.</param>
/// <param name="SubjectKind">To what kind of thing.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="Before">JSON; null when there was nothing, or when it was personal data of somebody who has gone.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
/// <param name="IpAddress">From where.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Hash">Chains it to the entry before; lower-case hex.</param>
public sealed record AuditItem(
    long Seq, Guid? ActorId, string Action, string SubjectKind, string SubjectId, string? Before, string? After, string? IpAddress, DateTimeOffset CreatedAt, string Hash)
{
    internal static readonly Expression<Func<AuditEntry, AuditItem>> Of = e => new AuditItem(
        e.Seq, e.ActorId, e.Action, e.SubjectKind, e.SubjectId, e.BeforeState, e.AfterState, e.IpAddress, e.CreatedAt, Convert.ToHexStringLower(e.EntryHash));
}

internal static class AuditEndpoints
{
    private static readonly ListSpec<AuditEntry> Entries = new ListSpec<AuditEntry>(e => e.Seq)
        .Sort("seq", e => e.Seq)
        .Sort("created_at", e => e.CreatedAt)
        .Filter("action", e => e.Action)
        .Filter("actor_id", e => e.ActorId!.Value)
        .Filter("subject_kind", e => e.SubjectKind)
        .Filter("subject_id", e => e.SubjectId)
        .Span((DateTimeOffset from) => e => e.CreatedAt >= from, to => e => e.CreatedAt < to)
        .DefaultSort("-seq");

    public static void MapAudit(this IEndpointRouteBuilder app) => app.MapGroup("/admin/audit").WithTags("Administration").RequireAdmin()
        .MapGet("", (ListRequest list, AuditLog log, CancellationToken ct) => Entries.PageAsync(list, log.All(), AuditItem.Of, ct))
        .WithList(Entries).WithSummary("The audit log, newest first");
}
