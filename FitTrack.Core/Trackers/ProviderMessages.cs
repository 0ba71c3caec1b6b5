using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Hevy;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers;

/// <summary>Reads a batch of stored messages of all services in the order in which they came, whether they were sent or fetched.</summary>
internal sealed class ProviderMessages(FitTrackDbContext db, TrackerConnections connections, SyncJobs jobs, IOptions<TrackerOptions> trackers, IOptions<SyncOptions> sync, TimeProvider clock)
{
    private readonly TerraMessages _terra = new(db, connections, trackers, sync.Value.SignInWithin, clock);
    private readonly Dictionary<(TrackerService Service, string Account), ProviderConnection> _accounts = [];

    /// <summary>What the messages reported, in order.</summary>
    public List<TrackerRecord> Records => _terra.Records;

    public async Task LoadAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken ct)
    {
        await _terra.LoadAsync(messages.Where(m => m.Service == TrackerService.Terra), ct);
        foreach (var ofOne in messages.Where(m => m.Service != TrackerService.Terra).GroupBy(m => m.Service))
        {
            var (service, ids) = (ofOne.Key, ofOne.Select(m => m.ExternalUserId).OfType<string>().Distinct(StringComparer.Ordinal).ToList());
            foreach (var connection in await db.Set<ProviderConnection>().Where(c => c.Service == service && ids.Contains(c.ExternalUserId)).ToListAsync(ct))
                _accounts[(service, connection.ExternalUserId)] = connection;
        }
    }

    public async Task<MessageOutcome> ReadAsync(WebhookMessage message, CancellationToken ct)
    {
        if (message.Service == TrackerService.Terra)
            return await _terra.ReadAsync(message, ct);
        if (message.ExternalUserId is not { } account || !_accounts.TryGetValue((message.Service, account), out var connection))
            return new MessageOutcome(WebhookStatus.Ignored, "The account is not connected to a member.");
        if (connection.Status == ConnectionStatus.Disconnected)
            return new MessageOutcome(WebhookStatus.Ignored, "The member has disconnected this tracker.");

        if (message.EventType is StravaMessages.Hint or StravaMessages.Deauthorized)
        {
            if (connection.Status != ConnectionStatus.NeedsReconnect)
                await jobs.ArmAsync(connection, ct);
            return MessageOutcome.Processed;
        }

        using var document = TerraEnvelope.Open(message.Body);
        return Gather(message, document.RootElement, connection);
    }

    private MessageOutcome Gather(WebhookMessage message, JsonElement root, ProviderConnection connection)
    {
        var origin = new RecordOrigin(connection.Id, connection.Provider, connection.ScoringSince, trackers.Value.LicenceOf(connection.Provider).MayScore);
        var read = message.Service == TrackerService.Strava
            ? StravaMessages.Read(message, root, connection.UserId, origin)
            : HevyReader.Read(message, root, connection.UserId, origin);
        var (index, problems) = (0, new List<string>());
        foreach (var (record, problem) in read)
        {
            index++;
            if (record is not null)
                Records.Add(record);
            if (problem is not null)
                problems.Add($"item {index}: {problem}");
        }

        connection.Synced(clock.Now());
        return problems.Count == 0 ? MessageOutcome.Processed
            : new MessageOutcome(problems.Count == index ? WebhookStatus.Failed : WebhookStatus.Processed, string.Join("; ", problems));
    }
}
