using System.Text;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>Fetches activities and daily summaries from Terra, window by window, and hands them on in the shape of its webhooks.</summary>
internal sealed class TerraSource(TerraClient client, IOptions<SyncOptions> sync, TimeProvider clock) : ITrackerSource
{
    /// <summary>As many as Terra puts into one webhook: the inbox is worked off in batches of messages, whose memory depends on it.</summary>
    private const int ItemsInOne = 10;

    private static readonly string[] Kinds = ["activity", "daily"];

    public TrackerService Service => TrackerService.Terra;

    public async Task<ProviderAnswer<Pull>> NextAsync(SyncAccount account, string? position, bool isFirst, CancellationToken ct)
    {
        var window = SyncWindow.After(position, isFirst, account, sync.Value, clock.Now());
        var pages = new List<PulledPage>();
        foreach (var kind in Kinds)
        {
            var answer = await client.ReadAsync(kind, account.ExternalUserId, window.From, window.Until, ct);
            if (answer.Fault is { Kind: FaultKind.NotFound })
            {
                // Either nobody knows the account any more, or this tracker has no such data.
                var signedIn = await client.IsSignedInAsync(account.ExternalUserId, ct);
                if (signedIn.Fault is { } unknown)
                    return unknown;
                if (!signedIn.Value)
                    return new ProviderFault(FaultKind.SignInNeeded, "Terra no longer knows this account.");
                continue;
            }

            if (answer.Fault is { } fault)
                return fault;
            pages.AddRange(answer.Value.Chunk(ItemsInOne).Select(items => new PulledPage(kind, Message(kind, account.ExternalUserId, items), items.Length)));
        }

        return new Pull(pages, window.Position, window.IsDone);
    }

    public Task<ProviderFault?> ForgetAsync(string account, string? secret, CancellationToken ct) => client.DeauthenticateAsync(account, ct);

    private static string Message(string kind, string account, IEnumerable<JsonElement> items)
    {
        var text = new StringBuilder("{\"type\":\"").Append(kind).Append("\",\"user\":{\"user_id\":").Append(JsonSerializer.Serialize(account)).Append("},\"data\":[");
        text.AppendJoin(',', items.Select(item => item.GetRawText()));
        return text.Append("]}").ToString();
    }
}
