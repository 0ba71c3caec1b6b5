using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>How a sign-in at a provider ended, as the front end is told it.</summary>
public enum SignInResult
{
    Connected,

    /// <summary>The provider says yes; its signed message, which makes the connection, is still on its way.</summary>
    Pending,

    /// <summary>The member said no.</summary>
    Denied,

    /// <summary>Not begun here by this member, used already, or too old.</summary>
    Expired,

    /// <summary>The member did not allow activities to be read.</summary>
    ScopeMissing,

    /// <summary>The account feeds another member already.</summary>
    Taken,
    Failed,
}

/// <summary>What a provider sends the browser back with.</summary>
/// <param name="State">From the beginning of the sign-in.</param>
/// <param name="Code">To be exchanged for tokens.</param>
/// <param name="Scope">What the member allowed.</param>
/// <param name="Error">Why there is no code.</param>
/// <param name="Account">Terra's id of the account.</param>
public sealed record SignInReturn(string? State, string? Code, string? Scope, string? Error, string? Account);

/// <summary>
/// Ends a sign-in, for the member who began it and is signed in here in the browser that came back: who is lured onto another member's sign-in page
/// connects nothing. Strava's code is exchanged and makes the connection. With Terra its signed <c>auth</c> message does, once the member has come
/// back with the account that it names.
/// </summary>
public sealed class FinishConnection(SignInStates states, StravaClient strava, TrackerConnections connections, TrackerSecrets secrets, WebhookInbox inbox, IOptions<MailOptions> frontEnd, FitTrackDbContext db, TimeProvider clock)
{
    /// <summary>Where the browser goes on to: the front end knows who is signed in. Anybody can ask; nothing is connected and the state stays as it is.</summary>
    public async Task<Uri> NextPageAsync(string provider, SignInReturn brought, CancellationToken ct)
    {
        var name = Uri.EscapeDataString(provider);
        if (!await states.IsOpenAsync(brought.State, provider, ct))
            return new Uri(frontEnd.Value.Link($"trackers?provider={name}&result=expired"));
        var said = new[] { ("state", brought.State), ("code", brought.Code), ("scope", brought.Scope), ("error", brought.Error), ("user_id", brought.Account) };
        return new Uri(frontEnd.Value.Link($"trackers/return/{name}?{string.Join('&', said.Where(s => s.Item2 is not null).Select(s => $"{s.Item1}={Uri.EscapeDataString(s.Item2!)}"))}"));
    }

    /// <param name="userId">Who is signed in here.</param>
    public async Task<SignInResult> ExecuteAsync(Guid userId, string provider, SignInReturn brought, CancellationToken ct)
    {
        var account = brought.Error is null && brought.Account is { Length: > 0 and <= ProviderConnection.MaxExternalUserId } named ? named : null;
        if (!await states.UseAsync(brought.State, provider, userId, account, ct))
            return SignInResult.Expired;
        if (brought.Error is not null)
            return SignInResult.Denied;
        return provider == "strava" ? await StravaAsync(userId, brought, ct) : account is null ? SignInResult.Failed : await TerraAsync(userId, account, ct);
    }

    private async Task<SignInResult> TerraAsync(Guid userId, string account, CancellationToken ct)
    {
        await inbox.WakeAsync(TrackerService.Terra, account, TerraMessages.NotBroughtBack, ct);
        var owner = await db.Set<ProviderConnection>().Where(c => c.Service == TrackerService.Terra && c.ExternalUserId == account && c.Status != ConnectionStatus.Disconnected).Select(c => (Guid?)c.UserId).SingleOrDefaultAsync(ct);
        return owner is null ? SignInResult.Pending : owner == userId ? SignInResult.Connected : SignInResult.Taken;
    }

    private async Task<SignInResult> StravaAsync(Guid userId, SignInReturn brought, CancellationToken ct)
    {
        // Who signs in may untick what we ask for.
        if (brought.Scope?.Contains("activity:read", StringComparison.Ordinal) != true)
            return SignInResult.ScopeMissing;
        if (string.IsNullOrEmpty(brought.Code))
            return SignInResult.Failed;
        var answer = await strava.ExchangeAsync(brought.Code, ct);
        if (answer.Fault is not null || answer.Value.AthleteId is not { } athlete)
            return SignInResult.Failed;

        var tokens = answer.Value;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            var outcome = await connections.ConnectAsync(userId, TrackerService.Strava, "strava", athlete, brought.Scope, secrets.Seal(tokens.Access, tokens.Refresh, tokens.ExpiresAt), clock.Now(), ct);
            await transaction.CommitAsync(ct);
            return outcome switch { ConnectOutcome.Connected => SignInResult.Connected, ConnectOutcome.TakenByAnotherMember => SignInResult.Taken, _ => SignInResult.Failed };
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return SignInResult.Taken;
        }
    }
}
