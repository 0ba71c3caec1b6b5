using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings.Running;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>Drawings and prizes of a running site, made over its Api for tests of pages.</summary>
internal static class SiteDrawings
{
    public static Task<TestMember> NewAdminAsync(this TestSite site) => site.Api.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });

    public static async Task<TestMember> NewMemberAsync(this TestSite site, int points = 0)
    {
        var member = await site.Api.NewMemberAsync();
        if (points > 0) await (await site.NewAdminAsync()).PostAsync("admin/points/adjust", new { userId = member.Id, points, reason = "To begin with" }, HttpStatusCode.Created);
        return member;
    }

    /// <param name="until">scheduled or open.</param>
    /// <param name="sales">How long tickets are sold, three days without one; it is drawn a third of that later.</param>
    public static async Task<Guid> NewDrawingAsync(this TestSite site, TestMember admin, string name, string until = "open", TimeSpan? sales = null)
    {
        var (now, length) = (site.Api.Clock.Now, sales ?? TimeSpan.FromDays(3));
        var prizes = new[] { new { rank = 1, name = "Fitness watch", valueCents = 25_000, kind = "physical" } };
        var made = await admin.PostAsync("admin/drawings", new { name, type = "weekly", entropy = "commit", ticketPrice = 100, opensAt = now, salesCloseAt = now + length, drawAt = now + (length * 4 / 3), prizes }, HttpStatusCode.Created);
        var id = made.GetProperty("id").GetGuid();
        await admin.StepAsync(id, "schedule");
        if (until == "open") await admin.StepAsync(id, "open");
        return id;
    }

    /// <summary>Lets the member win in a drawing of its own; answers the fulfilment's id.</summary>
    public static async Task<Guid> WinAsync(this TestSite site, TestMember admin, TestMember winner, string name)
    {
        var drawing = await site.NewDrawingAsync(admin, name);
        await winner.BuyAsync(drawing, 1);
        await admin.StepAsync(drawing, "close");
        await admin.StepAsync(drawing, "execute");
        return (await winner.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    /// <summary>What the Worker does for drawings every minute.</summary>
    public static async Task RunDueDrawingsAsync(this TestSite site)
    {
        await using var scope = site.Api.NewScope();
        await scope.ServiceProvider.GetRequiredService<RunDueDrawings>().RunAsync(TestContext.Current.CancellationToken);
    }

    public static async Task ConfirmAddressAsync(this TestMember winner, Guid prize)
    {
        using var given = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{prize}/address", new { name = "Ana Runner", line1 = "1 Main Street", city = "Austin", state = "TX", postalCode = "78701" });
        await given.ReadJsonAsync();
    }

    public static Task<JsonElement> StepAsync(this TestMember admin, Guid drawing, string step) => admin.PostAsync($"admin/drawings/{drawing}/{step}", null);

    public static Task<JsonElement> BuyAsync(this TestMember member, Guid drawing, int quantity) => member.PostAsync($"drawings/{drawing}/tickets", new { quantity }, HttpStatusCode.Created);

    public static async Task<JsonElement> PostAsync(this TestMember by, string path, object? body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await by.Client.PostJsonAsync($"/api/v1/{path}", body);
        return await answer.ReadJsonAsync(expected);
    }
}
