using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>What belongs to a member is not there for another: 404, as if it did not exist, whatever the other sends.</summary>
public sealed class OwnershipTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly object Address = new { name = "Ana Runner", line1 = "1 Main Street", city = "Austin", state = "TX", postalCode = "78701" };

    /// <summary>Member operations with an id in their path that belongs to nobody: everybody may name a drawing, a board or a provider (whose connection is then the caller's own).</summary>
    private static readonly string[] Shared =
        ["POST /api/v1/connections/{provider}/initiate", "POST /api/v1/connections/{provider}/callback", "PUT /api/v1/connections/{provider}/set-primary", "POST /api/v1/connections/{provider}/sync", "DELETE /api/v1/connections/{provider}",
         "POST /api/v1/drawings/{id}/tickets", "POST /api/v1/drawings/{id}/free-entry", "GET /api/v1/drawings/{id}/entry", "GET /api/v1/leaderboards/{kind}", "GET /api/v1/users/{id}/public"];

    [Fact]
    public async Task EveryOperationOnSomethingOwned_ByAnotherMember_FindsNothing()
    {
        var session = Guid.Empty;
        using var owner = await fixture.NewMemberAsync(points: 1000, change: (db, user) =>
            session = db.Add(UserSession.Start(user.Id, new ClientInfo(null, null), fixture.Clock.Now, fixture.Clock.Now.AddDays(7))).Entity.Id);
        using var stranger = await fixture.NewMemberAsync();
        var activity = await NewActivityAsync(owner);
        var prize = await WinAsync(owner);
        using var uploaded = await owner.Client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx()));
        var import = (await uploaded.ReadJsonAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        (string Operation, Guid Id, object? Body)[] owned =
        [
            ("GET /api/v1/activities/{id}", activity, null),
            ("PATCH /api/v1/activities/{id}", activity, new { title = "Mine now" }),
            ("DELETE /api/v1/activities/{id}", activity, null),
            ("GET /api/v1/activities/{id}/receipt", activity, null),
            ("PUT /api/v1/activities/{id}/pairing", activity, new { paired = false }),
            ("POST /api/v1/activities/{id}/appeal", activity, new { text = "It was me." }),
            ("GET /api/v1/fulfillments/{id}", prize, null),
            ("PUT /api/v1/fulfillments/{id}/address", prize, Address),
            ("GET /api/v1/imports/{id}", import, null),
            ("DELETE /api/v1/imports/{id}", import, null),
            ("DELETE /api/v1/users/me/sessions/{id}", session, null),
        ];
        var withIds = Admissions.All.Where(a => a.Value == Admission.Members && a.Key.Contains('{', StringComparison.Ordinal)).Select(a => a.Key);
        Assert.Equal(withIds.Except(Shared, StringComparer.Ordinal).Order(StringComparer.Ordinal), owned.Select(o => o.Operation).Order(StringComparer.Ordinal));

        foreach (var (operation, id, body) in owned)
        {
            var (method, path) = (new HttpMethod(operation.Split(' ')[0]), Admissions.Fill(operation.Split(' ')[1], id));
            using var refused = await stranger.Client.SendJsonAsync(method, path, body);
            var foreign = await refused.ReadProblemAsync(HttpStatusCode.NotFound);
            using var missing = await stranger.Client.SendJsonAsync(method, Admissions.Fill(operation.Split(' ')[1], Guid.NewGuid()), body);
            // Nothing tells somebody else's from nobody's.
            Assert.Equal(foreign.Detail, (await missing.ReadProblemAsync(HttpStatusCode.NotFound)).Detail);
        }

        // What is deleted, or needs more than an entry typed in, is allowed in tests of its own.
        foreach (var (operation, id, body) in owned.Where(o => !o.Operation.StartsWith("DELETE", StringComparison.Ordinal) && !o.Operation.EndsWith("/pairing", StringComparison.Ordinal) && !o.Operation.EndsWith("/appeal", StringComparison.Ordinal)))
        {
            using var allowed = await owner.Client.SendJsonAsync(new HttpMethod(operation.Split(' ')[0]), Admissions.Fill(operation.Split(' ')[1], id), body);
            await allowed.ReadJsonAsync();
        }
    }

    private async Task<Guid> NewActivityAsync(Entrant owner)
    {
        using var created = await owner.Client.PostJsonAsync("/api/v1/activities", new { sport = "running", startedAt = fixture.Clock.Now.AddHours(-2), durationSeconds = 1800 });
        return (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("activity").GetProperty("id").GetGuid();
    }

    private async Task<Guid> WinAsync(Entrant owner)
    {
        var drawing = await fixture.NewDrawingAsync(changes: ("prizes", new[] { new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" } }));
        (await owner.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        await fixture.StepAsync(drawing, "close");
        await fixture.StepAsync(drawing, "execute");
        return (await owner.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items")[0].GetProperty("id").GetGuid();
    }
}
