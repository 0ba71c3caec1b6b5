using System.Net;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Buying tickets, for tests of what comes of it.</summary>
internal static class Purchases
{
    public static Task<HttpResponseMessage> BuyAsync(Entrant member, Guid drawing, int quantity, string? key = null) =>
        member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity }, key is null ? [] : [("Idempotency-Key", key)]);

    public static async Task AssertRefusedAsync(Entrant member, Guid drawing, string reason)
    {
        using var response = await BuyAsync(member, drawing, 1);
        Assert.Contains(reason, (await response.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail, StringComparison.Ordinal);
    }
}
