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
        var gear = await GearAsync(account, items.Values, ct);
        if (gear.Fault is { } noGear)
            return noGear;
        var pages = items.Values.Chunk(ItemsInOne).Select(chunk => new PulledPage(StravaMessages.Activities, Body(chunk, gear.Value), chunk.Length)).ToList();
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

    /// <summary>The shoes and bicycles of activities that are new since the last synchronisation: each costs a request of the few that the application has.</summary>
    private async Task<ProviderAnswer<Dictionary<string, JsonElement>>> GearAsync(SyncAccount account, IEnumerable<JsonElement> items, CancellationToken ct)
    {
        var since = account.IsFull ? null : account.LastSuccessAt;
        var gear = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var id in items.Where(i => since is null || i.Child("start_date").Time() > since).Select(GearOf).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var answer = await client.GearAsync(account.Secret ?? "", id, ct);
            if (answer.Fault is { Kind: FaultKind.LimitReached or FaultKind.Unavailable } fault)
                return fault;
            // Gear that is gone, or that the member does not let us read, leaves its id in the activity.
            if (answer.Fault is null)
                gear[id] = answer.Value;
        }

        return gear;
    }

    private static string? GearOf(JsonElement activity) => activity.Child("gear_id").Text(40);

    /// <summary>Activities and the gear they name, as Strava wrote both.</summary>
    private static string Body(JsonElement[] activities, Dictionary<string, JsonElement> gear)
    {
        var named = activities.Select(GearOf).OfType<string>().Distinct(StringComparer.Ordinal).Where(gear.ContainsKey).Select(id => gear[id].GetRawText());
        return $"{{\"{StravaMessages.Activities}\":[{string.Join(',', activities.Select(a => a.GetRawText()))}],\"gear\":[{string.Join(',', named)}]}}";
    }

    private static string Body(string name, IEnumerable<string> items) => $"{{\"{name}\":[{string.Join(',', items)}]}}";

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
