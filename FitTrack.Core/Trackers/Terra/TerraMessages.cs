using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Connecting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>What reading one message came to.</summary>
/// <param name="Status"><see cref="WebhookStatus.Pending"/> means: not yet, try again later.</param>
/// <param name="Error">Why it failed, is ignored or has to wait; or which of its items could not be used.</param>
internal sealed record MessageOutcome(WebhookStatus Status, string? Error = null)
{
    public static readonly MessageOutcome Processed = new(WebhookStatus.Processed);
}

/// <summary>
/// Reads a batch of Terra's messages in the order in which they came: connections change at once, and what activities and
/// daily summaries report is gathered as records for the caller to apply.
/// </summary>
internal sealed class TerraMessages(FitTrackDbContext db, TrackerConnections connections, IOptions<TrackerOptions> trackers, TimeSpan signInWithin, TimeProvider clock)
{
    /// <summary>Why a message waits for its connection; such messages are woken when the connection comes.</summary>
    public const string UnknownConnection = "The Terra user is not connected to a member.";

    /// <summary>Why a sign-in waits: whoever agreed at Terra has not come back to us in a browser in which the member is signed in. Coming back wakes it.</summary>
    public const string NotBroughtBack = "The member has not come back from this sign-in.";

    private const string ReferencePrefix = "fittrack-user-";

    private readonly Dictionary<string, ProviderConnection> _accounts = new(StringComparer.Ordinal);

    /// <summary>What the data messages reported, in order.</summary>
    public List<TrackerRecord> Records { get; } = [];

    /// <summary>The reference id that the widget is opened with for a member.</summary>
    public static string ReferenceOf(Guid userId) => ReferencePrefix + userId;

    public async Task LoadAsync(IEnumerable<WebhookMessage> messages, CancellationToken ct)
    {
        var ids = messages.Select(m => m.ExternalUserId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var connection in await db.Set<ProviderConnection>().Where(c => c.Service == TrackerService.Terra && ids.Contains(c.ExternalUserId)).ToListAsync(ct))
            _accounts[connection.ExternalUserId] = connection;
    }

    public async Task<MessageOutcome> ReadAsync(WebhookMessage message, CancellationToken ct)
    {
        using var document = TerraEnvelope.Open(message.Body);
        var root = document.RootElement;
        return message.EventType switch
        {
            "activity" or "daily" => ReadData(message, root),
            "auth" when root.Child("status").Text() is "success" or null => await ConnectAsync(message, root.Child("user"), root, ct),
            "user_reauth" => await SwapAsync(message, root, ct),
            "deauth" => await WithAsync(root, c => connections.DisconnectAsync(c, tellProvider: false, clock.Now(), ct)),
            "access_revoked" => await WithAsync(root, c => Repair(c, root, "The provider says that access was revoked.")),
            "connection_error" => await WithAsync(root, c => Repair(c, root, "The provider refuses us.")),
            // Terra will send the data of a long range in several messages; each is read as it comes.
            "large_request_processing" or "large_request_sending" => MessageOutcome.Processed,
            "permission_change" => await WithAsync(root, c => Scopes(c, root)),
            var other => new MessageOutcome(WebhookStatus.Ignored, $"Messages of type '{other ?? "none"}' mean nothing here."),
        };
    }

    private MessageOutcome ReadData(WebhookMessage message, JsonElement root)
    {
        if (message.ExternalUserId is not { } account || !_accounts.TryGetValue(account, out var connection))
            return new MessageOutcome(WebhookStatus.Pending, UnknownConnection);
        if (connection.Status == ConnectionStatus.Disconnected)
            return new MessageOutcome(WebhookStatus.Ignored, "The member has disconnected this tracker.");
        if (root.Child("data") is not { ValueKind: JsonValueKind.Array } data)
            return new MessageOutcome(WebhookStatus.Failed, "It has no data.");

        var origin = new RecordOrigin(connection.Id, connection.Provider, connection.ScoringSince, trackers.Value.LicenceOf(connection.Provider).MayScore);
        var problems = new List<string>();
        var index = 0;
        foreach (var item in data.EnumerateArray())
        {
            index++;
            Records.AddRange(TerraReader.Read(message.EventType!, item, connection.UserId, origin, message, out var problem));
            if (problem is not null)
                problems.Add($"item {index}: {problem}");
        }

        connection.Synced(clock.Now());
        return problems.Count == 0 ? MessageOutcome.Processed
            : new MessageOutcome(problems.Count == index ? WebhookStatus.Failed : WebhookStatus.Processed, string.Join("; ", problems));
    }

    /// <summary>The way back takes as long as the sign-in may; who has not come by then did not begin it, or has given up.</summary>
    private MessageOutcome NotBack(WebhookMessage message, string account)
    {
        if (clock.Now() - message.ReceivedAt < signInWithin)
            return new MessageOutcome(WebhookStatus.Pending, NotBroughtBack);
        connections.Refuse(TrackerService.Terra, account);
        return new MessageOutcome(WebhookStatus.Failed, NotBroughtBack);
    }

    private bool IsConnected(string account) => _accounts.TryGetValue(account, out var connection) && connection.Status != ConnectionStatus.Disconnected;

    private async Task<MessageOutcome> ConnectAsync(WebhookMessage message, JsonElement user, JsonElement root, CancellationToken ct)
    {
        var reference = (user.Child("reference_id").Text() ?? root.Child("reference_id").Text()) ?? "";
        if (!reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) || !Guid.TryParse(reference.AsSpan(ReferencePrefix.Length), out var userId))
            return new MessageOutcome(WebhookStatus.Failed, "Its reference_id is none of ours.");
        if (user.Child("user_id").Text(ProviderConnection.MaxExternalUserId) is not { } account || TerraProviders.NameOf(user.Child("provider").Text()) is not { } provider)
            return new MessageOutcome(WebhookStatus.Failed, "It names no user or no provider.");
        // The reference says whose link was opened, not who opened it.
        if (!IsConnected(account) && !await SignInStates.CameBackAsync(db, userId, account, ct))
            return NotBack(message, account);

        var outcome = await connections.ConnectAsync(userId, TrackerService.Terra, provider, account, user.Child("scopes").Text(), clock.Now(), ct);
        if (outcome != ConnectOutcome.Connected)
            return new MessageOutcome(WebhookStatus.Failed, outcome == ConnectOutcome.UnknownMember ? "There is no such member." : "This account feeds another member already.");
        await LearnAsync(account, ct);
        return MessageOutcome.Processed;
    }

    /// <summary>Terra gave the person a new id for the same account.</summary>
    private async Task<MessageOutcome> SwapAsync(WebhookMessage message, JsonElement root, CancellationToken ct)
    {
        if (root.Child("old_user", "user_id").Text() is not { } old || root.Child("new_user") is not { ValueKind: JsonValueKind.Object } user || user.Child("user_id").Text(ProviderConnection.MaxExternalUserId) is not { } account)
            return new MessageOutcome(WebhookStatus.Failed, "It does not name the old and the new user.");
        var known = await db.Set<ProviderConnection>().Where(c => c.Service == TrackerService.Terra && (c.ExternalUserId == old || c.ExternalUserId == account)).ToListAsync(ct);
        if (known.Find(c => c.ExternalUserId == account) is null)
        {
            if (known.Find(c => c.ExternalUserId == old) is not { } connection)
                return new MessageOutcome(WebhookStatus.Ignored, UnknownConnection);
            if (!await SignInStates.CameBackAsync(db, connection.UserId, account, ct))
                return NotBack(message, account);
            connection.Reconnect(account, user.Child("scopes").Text(), clock.Now());
            await db.SaveChangesAsync(ct);
            _accounts.Remove(old);
        }

        await LearnAsync(account, ct);
        return MessageOutcome.Processed;
    }

    private async Task<MessageOutcome> WithAsync(JsonElement root, Func<ProviderConnection, Task> change)
    {
        if (root.Child("user", "user_id").Text() is not { } account || !_accounts.TryGetValue(account, out var connection))
            return new MessageOutcome(WebhookStatus.Ignored, UnknownConnection);
        await change(connection);
        return MessageOutcome.Processed;
    }

    private Task Repair(ProviderConnection connection, JsonElement root, string otherwise)
    {
        connections.NeedReconnect(connection, root.Child("message").Text(ProviderConnection.MaxError) ?? otherwise);
        return Task.CompletedTask;
    }

    private Task Scopes(ProviderConnection connection, JsonElement root)
    {
        connection.ChangeScopes(root.Child("user", "scopes").Text(), clock.Now());
        return Task.CompletedTask;
    }

    /// <summary>An account is known from here on; data that came before its sign-in is due again.</summary>
    private async Task LearnAsync(string account, CancellationToken ct)
    {
        _accounts[account] = await db.Set<ProviderConnection>().SingleAsync(c => c.Service == TrackerService.Terra && c.ExternalUserId == account, ct);
        await WebhookInbox.RetryAsync(db, TrackerService.Terra, account, UnknownConnection, clock.Now(), ct);
    }
}
