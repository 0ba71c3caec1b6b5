using System.Net.Http.Headers;
using System.Text.Json;

namespace FitTrack.Bench;

/// <summary>A drawing that scenarios buy in, made as an administrator makes it.</summary>
internal static class BenchDrawing
{
    public static async Task<Guid> OpenAsync(Product product, string adminToken)
    {
        using var http = ClientOf(product, adminToken);
        var now = TimeProvider.System.GetUtcNow();
        var created = await PostAsync(http, "api/v1/admin/drawings", new
        {
            name = "Bench",
            type = "daily",
            entropy = "commit",
            // Later, so that the Worker does not open it first.
            opensAt = now.AddHours(1),
            salesCloseAt = now.AddHours(2),
            drawAt = now.AddHours(3),
            ticketPrice = 1,
            maxTicketsPerMember = 1_000_000,
            alternates = 10,
            prizes = new[] { new { rank = 1, name = "Bench", quantity = 10, valueCents = 100, kind = "digital" } },
        });
        var id = created.GetProperty("id").GetGuid();
        await PostAsync(http, $"api/v1/admin/drawings/{id}/schedule", new { });
        await PostAsync(http, $"api/v1/admin/drawings/{id}/open", new { });
        return id;
    }

    public static HttpClient ClientOf(Product product, string token)
    {
        var http = new HttpClient { BaseAddress = product.Api, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {text}");
    }
}
