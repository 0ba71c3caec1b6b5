using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Xunit;
using static FitTrack.Tests.Api.Drawings.Purchases;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Who may buy a ticket: state, age of person and account, kind of member, and the limits that members set themselves.</summary>
public sealed class EligibilityTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    [Fact]
    public async Task Buy_WhoMayNotTakePart_IsForbidden()
    {
        var now = fixture.Clock.Now;
        var drawing = await fixture.NewDrawingAsync(changes: ("eligibility", new { userType = "all", minAccountAgeDays = 7, minAge = 21 }));
        var over50 = await fixture.NewDrawingAsync(changes: ("eligibility", new { minAge = 50 }));
        var premiumOnly = await fixture.NewDrawingAsync(changes: ("eligibility", new { userType = "premium" }));
        using var newYorker = await fixture.NewMemberAsync(1000, state: "NY");
        using var unverified = await fixture.NewMemberAsync(1000, verified: false);
        using var newcomer = await fixture.NewMemberAsync(1000, accountAge: TimeSpan.FromDays(6));
        using var suspended = await fixture.NewMemberAsync(1000, change: (_, user) => user.Suspend(now));
        using var resting = await fixture.NewMemberAsync(1000, change: (db, user) => db.Add(Limits(user, l => l.CoolOff(now.AddDays(1), now))));
        using var excluded = await fixture.NewMemberAsync(1000, change: (db, user) => db.Add(Limits(user, l => l.Exclude(null, now))));
        using var plain = await fixture.NewMemberAsync(1000);

        await AssertRefusedAsync(newYorker, drawing, "residents of NY");
        await AssertRefusedAsync(unverified, drawing, "verified");
        await AssertRefusedAsync(newcomer, drawing, "7 days old");
        await AssertRefusedAsync(suspended, drawing, "not active");
        await AssertRefusedAsync(resting, drawing, "break");
        await AssertRefusedAsync(excluded, drawing, "excluded yourself");
        await AssertRefusedAsync(plain, premiumOnly, "other members");
        await AssertRefusedAsync(plain, over50, "50 or older");
        using var allowed = await BuyAsync(plain, drawing, 1);
        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);

        MemberLimits Limits(User user, Action<MemberLimits> set)
        {
            var limits = MemberLimits.None(user.Id, now);
            set(limits);
            return limits;
        }
    }

    [Fact]
    public async Task MailedEntry_ByAnAdministrator_IsATicketLikeAnyOtherAndKeepsTheLimit()
    {
        var drawing = await fixture.NewDrawingAsync();
        using var member = await fixture.NewMemberAsync();
        using var newYorker = await fixture.NewMemberAsync(state: "NY");

        using var recorded = await RecordAsync(member.Id);
        using var again = await RecordAsync(member.Id);
        using var refused = await RecordAsync(newYorker.Id);
        using var nobody = await RecordAsync(Guid.NewGuid());
        using var own = await member.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/free-entries", new { memberId = member.Id });

        Assert.Single((await recorded.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("tickets").EnumerateArray());
        await again.ReadProblemAsync(HttpStatusCode.Conflict);
        await refused.ReadProblemAsync(HttpStatusCode.Forbidden);
        await nobody.ReadProblemAsync(HttpStatusCode.Forbidden);
        await own.ReadProblemAsync(HttpStatusCode.Forbidden);
        var ticket = Assert.Single((await member.Client.GetJsonAsync($"/api/v1/tickets?filter[drawing_id]={drawing}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("free", 0), (ticket.GetProperty("kind").GetString(), ticket.GetProperty("pricePaid").GetInt32()));

        Task<HttpResponseMessage> RecordAsync(Guid id) => fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/free-entries", new { memberId = id });
    }

    [Fact]
    public async Task Buy_WhenTheStateBecameEligible_IsAllowed()
    {
        await using (var db = fixture.OpenDb())
        {
            db.Add(EligibleState.Create("RI", new DateOnly(2026, 1, 1), true, "Registered"));
            db.Add(EligibleState.Create("WA", new DateOnly(2026, 1, 1), false, null));
            db.Add(EligibleState.Create("WA", new DateOnly(2030, 1, 1), true, null));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var drawing = await fixture.NewDrawingAsync();
        using var islander = await fixture.NewMemberAsync(1000, state: "RI");
        using var excluded = await fixture.NewMemberAsync(1000, state: "WA");

        using var response = await BuyAsync(islander, drawing, 1);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        await AssertRefusedAsync(excluded, drawing, "residents of WA");
    }

    [Fact]
    public async Task Buy_BeyondTheMembersOwnSpendingLimit_IsRefused()
    {
        var now = fixture.Clock.Now;
        using var member = await fixture.NewMemberAsync(10_000, change: (db, user) =>
        {
            var limits = MemberLimits.None(user.Id, now);
            limits.LimitSpending(500, TimeSpan.FromDays(7), now);
            db.Add(limits);
        });
        var (one, other) = (await fixture.NewDrawingAsync(), await fixture.NewDrawingAsync());

        using var first = await BuyAsync(member, one, 3);
        using var beyond = await BuyAsync(member, other, 3);
        using var rest = await BuyAsync(member, other, 2);
        using var nothingLeft = await BuyAsync(member, one, 1);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Contains("spending limit", (await beyond.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        await nothingLeft.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(9_500, await fixture.BalanceAsync(member.Id));
    }
}
