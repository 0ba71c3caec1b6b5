using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

/// <summary>Batches are worked on side by side; one account's messages are not.</summary>
public sealed class WebhookOrderTests : IClassFixture<ApiFixture>
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;

    public WebhookOrderTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        api.Factory.Settings["Webhooks:BatchSize"] = "2";
        (_api, _terra) = (api, new TerraSender(api));
    }

    [Fact]
    public async Task Process_WhenOneAccountFillsManyBatches_TakesItsMessagesInTheirOrder()
    {
        var member = await _api.NewMemberAsync();
        var account = await _terra.ConnectAsync(member.Id);
        var today = DateOnly.FromDateTime(_api.Clock.Now.AddHours(-5).DateTime);
        for (var steps = 1_000; steps <= 9_000; steps += 1_000)
        {
            using var sent = await _terra.SendAsync(TerraSender.Daily(account, today, steps));
            _api.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        await _terra.ProcessAsync();

        // Whatever had been overtaken would have said nothing new, and booked nothing.
        var ledger = await member.Client.GetJsonAsync("/api/v1/points/transactions?sort=seq");
        Assert.Equal(Enumerable.Repeat(ledger.GetProperty("items")[0].GetProperty("amount").GetInt32(), 9), ledger.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("amount").GetInt32()));
    }
}
