using System.Globalization;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>
/// Fetches activities from Strava, window by window, and those that its webhooks named since the last synchronisation one by one:
/// the webhooks are unsigned, so they are only a hint at what to read.
/// </summary>
internal sealed class StravaSource(StravaClient client, FitTrackDbContext db, IOptions<SyncOptions> sync, TimeProvider clock) : ITrackerSource
{
    private const int ItemsInOne = 10;
    private const int MostHints = 50;

    public TrackerService Service => TrackerService.Strava;

    public async Task<ProviderAnswer<Pull>> NextAsync(SyncAccount account, string? position, bool isFirst, CancellationToken ct)
    {
        var window = SyncWindow.After(position, isFirst, account, sync.Value, clock.Now());
        var items = new Dictionary<long, JsonElement>();
        for (var page = 1; ; page++)
        {
            var answer = await client.ActivitiesAsync(account.Secret ?? "", Midnight(window.From), Midnight(window.Until), page, ct);
            if (answer.Fault is { } fault)
                return fault;
            foreach (var item in answer.Value)
                items[(long)(item.Child("id").Number() ?? 0)] = item;
            if (answer.Value.Count < StravaClient.PageSize)
                break;
        }

        var gone = new List<long>();
        if (isFirst && await ReadHintsAsync(account, items, gone, ct) is { } failed)
            return failed;
        var pages = items.Values.Chunk(ItemsInOne).Select(chunk => new PulledPage(StravaMessages.Activities, Body(StravaMessages.Activities, chunk.Select(i => i.GetRawText())), chunk.Length)).ToList();
        if (gone.Count > 0)
            pages.Add(new PulledPage(StravaMessages.Gone, Body(StravaMessages.Gone, gone.Select(id => id.ToString(CultureInfo.InvariantCulture))), gone.Count));
        return new Pull(pages, window.Position, window.IsDone);
    }

    public async Task<ProviderFault?> ForgetAsync(string account, string? secret, CancellationToken ct) =>
        secret is { } token ? await client.DeauthorizeAsync(token, ct) : null;

    private async Task<ProviderFault?> ReadHintsAsync(SyncAccount account, Dictionary<long, JsonElement> items, List<long> gone, CancellationToken ct)
    {
        var since = account.LastSuccessAt ?? account.ConnectedAt;
        var bodies = await db.Set<WebhookMessage>().Where(m => m.Service == TrackerService.Strava && m.ExternalUserId == account.ExternalUserId && m.EventType == StravaMessages.Hint && m.ReceivedAt >= since)
            .OrderByDescending(m => m.ReceivedAt).Take(MostHints).Select(m => m.Body).ToListAsync(ct);
        foreach (var id in bodies.Select(StravaMessages.ActivityOf).OfType<long>().Distinct().Where(id => !items.ContainsKey(id)))
        {
            var answer = await client.ActivityAsync(account.Secret ?? "", id, ct);
            if (answer.Fault is { Kind: FaultKind.NotFound })
                gone.Add(id);
            else if (answer.Fault is { } fault)
                return fault;
            else
                items[id] = answer.Value;
        }

        return null;
    }

    private static string Body(string name, IEnumerable<string> items) => $"{{\"{name}\":[{string.Join(',', items)}]}}";

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
