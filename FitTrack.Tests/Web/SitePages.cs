using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Tests.Web;

/// <summary>Who looks at a page: nobody signed in, or the demo's member or administrator.</summary>
public enum Viewer
{
    Visitor,
    Member,
    Admin,
}

/// <summary>A page of the front end, as the demo shows it.</summary>
/// <param name="Route">As its component has it.</param>
/// <param name="As">Who is meant to see it.</param>
/// <param name="Status">What it answers.</param>
/// <param name="Find">An address of it in the demo; null where the route is one.</param>
internal sealed record SitePage(string Route, Viewer As, int Status = 200, Func<FitTrackDbContext, Task<string>>? Find = null);

/// <summary>Every page that there is. <see cref="SitePagesTests"/> looks at each; a routable component that is missing here fails a test.</summary>
internal static class SitePages
{
    public static readonly IReadOnlyList<SitePage> All =
    [
        new("/", Viewer.Visitor),
        new("/", Viewer.Member),
        new("/register", Viewer.Visitor),
        new("/verify-email", Viewer.Visitor),
        new("/forgot-password", Viewer.Visitor),
        new("/reset-password", Viewer.Visitor, Find: _ => Task.FromResult("/reset-password?token=unknown")),
        new("/offline", Viewer.Visitor),
        new("/error", Viewer.Visitor),
        new("/not-found", Viewer.Visitor),
        new("/settings/security", Viewer.Member),
        new("/trackers", Viewer.Member),
        new("/leaderboards", Viewer.Member),
        new("/tiers", Viewer.Member),
        new("/members/{Id:guid}", Viewer.Member, Find: async db => $"/members/{await db.Set<User>().Where(u => u.Email == DemoAccounts.MemberEmail).Select(u => u.Id).SingleAsync()}"),
        new("/activities", Viewer.Member),
        new("/activities/{Id:guid}", Viewer.Member, Find: async db => $"/activities/{await db.Set<Activity>().Where(a => a.Points > 0 && db.Set<User>().Any(u => u.Id == a.UserId && u.Email == DemoAccounts.MemberEmail)).OrderBy(a => a.Id).Select(a => a.Id).FirstAsync()}"),
        new("/imports", Viewer.Member),
        new("/admin", Viewer.Admin),
        new("/admin/members", Viewer.Admin),
        new("/admin/members/{Id:guid}", Viewer.Admin, Find: async db => $"/admin/members/{await db.Set<User>().Where(u => u.Role == UserRole.User).OrderBy(u => u.Id).Select(u => u.Id).FirstAsync()}"),
        new("/admin/reviews", Viewer.Admin),
        new("/admin/audit", Viewer.Admin),
        new("/admin/jobs", Viewer.Admin),
        new("/admin/fairness", Viewer.Admin),
        new("/admin/integrity", Viewer.Admin, Find: _ => Task.FromResult("/admin/integrity?run=true")),
        new("/drawings", Viewer.Visitor),
        new("/drawings/{Id:guid}", Viewer.Visitor, Find: db => DrawingAsync(db, DrawingStatus.Completed)),
        new("/drawings/{Id:guid}", Viewer.Member, Find: db => DrawingAsync(db, DrawingStatus.Open)),
        new("/drawings/{Id:guid}/buy", Viewer.Member, Find: db => DrawingAsync(db, DrawingStatus.Open, "/buy?quantity=3")),
        new("/drawings/{Id:guid}/free-entry", Viewer.Member, Find: db => DrawingAsync(db, DrawingStatus.Open, "/free-entry")),
        new("/tickets", Viewer.Member),
        new("/start", Viewer.Member),
        new("/points", Viewer.Member),
        new("/notifications", Viewer.Member),
        new("/settings", Viewer.Member),
        new("/settings/limits", Viewer.Member),
        new("/settings/data", Viewer.Member),
        new("/sign-in-again", Viewer.Member),
        new("/prizes", Viewer.Member),
        new("/prizes/{Id:guid}", Viewer.Member, Find: PrizeAsync),
        new("/winners", Viewer.Visitor),
        new("/drawings/{Id:guid}/rules", Viewer.Visitor, Find: db => DrawingAsync(db, DrawingStatus.Completed, "/rules")),
        new("/drawings/rules", Viewer.Visitor),
        new("/drawings/rules/{Version:int}", Viewer.Visitor, Find: _ => Task.FromResult("/drawings/rules/1")),
        new("/admin/drawings", Viewer.Admin),
        new("/admin/drawings/rules", Viewer.Admin),
        new("/admin/drawings/new", Viewer.Admin),
        new("/admin/drawings/templates", Viewer.Admin),
        new("/admin/drawings/templates/new", Viewer.Admin),
        new("/admin/drawings/templates/{Id:guid}", Viewer.Admin, Find: async db => $"/admin/drawings/templates/{await db.Set<DrawingTemplate>().OrderBy(t => t.Name).Select(t => t.Id).FirstAsync()}"),
        new("/admin/drawings/{Id:guid}", Viewer.Admin, Find: async db => "/admin" + await DrawingAsync(db, DrawingStatus.Open)),
        new("/admin/drawings/{Id:guid}/edit", Viewer.Admin, Find: async db => "/admin" + await DrawingAsync(db, DrawingStatus.Draft, "/edit")),
        new("/admin/fulfillments", Viewer.Admin, Find: _ => Task.FromResult("/admin/fulfillments?status=address_confirmed")),
        new("/admin/fulfillments/{Id:guid}", Viewer.Admin, Find: async db => $"/admin/fulfillments/{await db.Set<Fulfillment>().Where(f => f.SealedAddress != null).Select(f => f.Id).FirstAsync()}"),
        new("/admin/sponsors", Viewer.Admin),
        new("/admin/sponsors/{Id:guid}", Viewer.Admin, Find: async db => $"/admin/sponsors/{await db.Set<Sponsor>().Select(s => s.Id).FirstAsync()}"),
    ];

    /// <summary>Pages that these tests leave to others: the test page needs JavaScript, and the demo has imported nothing (<see cref="ImportsPageTests"/>).</summary>
    public static readonly IReadOnlyList<string> Elsewhere = ["/test", "/imports/{Id:guid}"];

    /// <summary>Addresses of a front end's endpoints for a method, with ids of nothing.</summary>
    public static List<string> AddressesOf(IServiceProvider web, string method) =>
    [
        .. web.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) == true)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/').Replace("{Id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{Version:int}", "1", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
    ];

    private static async Task<string> DrawingAsync(FitTrackDbContext db, DrawingStatus status, string part = "") =>
        $"/drawings/{await db.Set<Drawing>().Where(d => d.Status == status).OrderBy(d => d.DrawAt).Select(d => d.Id).FirstAsync()}{part}";

    /// <summary>Chance decides what the demo's member wins; here the newest prize that waits for an address is theirs.</summary>
    private static async Task<string> PrizeAsync(FitTrackDbContext db)
    {
        var member = await db.Set<User>().Where(u => u.Email == DemoAccounts.MemberEmail).Select(u => u.Id).SingleAsync();
        var prizes = db.Set<Fulfillment>().Where(f => f.Status == FulfillmentStatus.WinnerNotified);
        var id = await prizes.OrderByDescending(f => f.UserId == member ? 1 : 0).ThenByDescending(f => f.NotifiedAt).Select(f => f.Id).FirstAsync();
        await prizes.Where(f => f.Id == id).ExecuteUpdateAsync(s => s.SetProperty(f => f.UserId, member));
        return $"/prizes/{id}";
    }
}
