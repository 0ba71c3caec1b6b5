using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>Tells a provider that we are done with an account, from the outbox: one that is down is told later.</summary>
public sealed class TrackerFarewell(FitTrackDbContext db, StravaClient strava, IEnumerable<ITrackerSource> sources, TrackerSecrets secrets, SyncServices services, Outbox outbox, TimeProvider clock) : IDeferredWork
{
    internal const string WorkType = "tracker_farewell";

    public string Type => WorkType;

    /// <summary>Leaves the note, in the caller's transaction and save. Hevy is not told: the member's key there is the member's.</summary>
    /// <param name="userId">Whose; null where the account never was a member's.</param>
    internal static void Leave(Outbox outbox, Guid? userId, TrackerService service, string account, ProtectedTokens? tokens, DateTimeOffset now)
    {
        if (service is TrackerService.Terra or TrackerService.Strava)
            outbox.Enqueue(WorkType, userId, new Note(service, account, tokens), $"{WorkType}:{Guid.CreateVersion7(now)}");
    }

    public async Task<SendOutcome> RunAsync(string payload, CancellationToken ct)
    {
        var (service, account, tokens) = JsonSerializer.Deserialize<Note>(payload, JsonSerializerOptions.Web) ?? throw new JsonException("The payload is empty.");
        var isBack = await db.Set<ProviderConnection>().AnyAsync(c => c.Service == service && c.ExternalUserId == account && c.Status != ConnectionStatus.Disconnected, ct);
        if (isBack || !services.Configured.Contains(service))
            return new SendOutcome.Sent();
        var secret = await SecretAsync(tokens, ct);
        var fault = secret.Fault ?? await sources.Single(s => s.Service == service).ForgetAsync(account, secret.Value, ct);
        return fault switch
        {
            // It has forgotten us by itself.
            null or { Kind: FaultKind.SignInNeeded or FaultKind.NotFound } => new SendOutcome.Sent(),
            { Kind: FaultKind.Refused } => new SendOutcome.Rejected(fault.Message),
            _ => new SendOutcome.TryLater(fault.Message),
        };
    }

    /// <summary>The notes hold tokens: they go with the telling.</summary>
    public Task<int> RemoveDoneAsync(CancellationToken ct) => outbox.RemoveDoneAsync(WorkType, clock.Now(), ct);

    private async Task<ProviderAnswer<string?>> SecretAsync(ProtectedTokens? tokens, CancellationToken ct)
    {
        if (tokens is null || tokens.ExpiresAt > clock.Now() || secrets.Open(tokens.Refresh) is not { } refresh)
            return secrets.Open(tokens?.Access);
        var renewed = await strava.RenewAsync(refresh, ct);
        return renewed.Fault is { } fault ? fault : renewed.Value.Access;
    }

    /// <param name="Tokens">As they were sealed in the connection.</param>
    private sealed record Note(TrackerService Service, string Account, ProtectedTokens? Tokens);
}
