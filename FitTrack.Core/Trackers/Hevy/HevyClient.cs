using System.Net;
using System.Text.Json;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Hevy;

/// <summary>A page of a list of Hevy's.</summary>
/// <param name="Pages">How many there are.</param>
public sealed record HevyPage(IReadOnlyList<JsonElement> Items, int Pages);

/// <summary>Hevy's interface, version 1 (providers 3): lists in pages, newest first, with the member's own key.</summary>
public sealed class HevyClient(HttpClient http, IOptions<HevyOptions> options, TimeProvider clock)
{
    /// <summary>The most that Hevy gives in one page.</summary>
    private const int PageSize = 10;

    /// <returns>The id of the account that a key belongs to.</returns>
    public async Task<ProviderAnswer<string>> WhoAsync(string key, CancellationToken ct)
    {
        var answer = await GetAsync("/v1/user/info", key, ct);
        if (answer.Fault is { } fault)
            return fault;
        return answer.Value.Child("data", "id").Text(ProviderConnection.MaxExternalUserId) is { } id ? id : new ProviderFault(FaultKind.Unavailable, "Hevy named no account.");
    }

    public Task<ProviderAnswer<HevyPage>> WorkoutsAsync(string key, int page, CancellationToken ct) => ListAsync("workouts", "", key, page, ct);

    /// <summary>What changed since a time, deletions too.</summary>
    public Task<ProviderAnswer<HevyPage>> EventsAsync(string key, DateTimeOffset since, int page, CancellationToken ct) =>
        ListAsync("events", $"&since={since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", key, page, ct);

    private async Task<ProviderAnswer<HevyPage>> ListAsync(string list, string filter, string key, int page, CancellationToken ct)
    {
        var path = list == "events" ? "/v1/workouts/events" : "/v1/workouts";
        var answer = await GetAsync($"{path}?page={page}&pageSize={PageSize}{filter}", key, ct);
        if (answer.Fault is { } fault)
            return fault.Kind == FaultKind.NotFound ? new HevyPage([], page) : fault; // a page past the end
        return answer.Value.Child(list) is { ValueKind: JsonValueKind.Array } items
            ? new HevyPage([.. items.EnumerateArray()], answer.Value.Child("page_count").Integer() ?? page)
            : new ProviderFault(FaultKind.Unavailable, $"Hevy answered without '{list}'.");
    }

    private async Task<ProviderAnswer<JsonElement>> GetAsync(string path, string key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ProviderHttp.At(options.Value.BaseUrl, path));
        request.Headers.TryAddWithoutValidation("api-key", key);
        // A wrong key is answered in plain text (401).
        return await http.AskAsync(
            request, "Hevy", clock,
            static (response, body) => (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? FaultKind.SignInNeeded : ProviderHttp.UsualKind(response.StatusCode), body.Child("error").Text(200)),
            ct);
    }
}
