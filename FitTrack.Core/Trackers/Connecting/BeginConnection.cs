using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Hevy;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Connecting;

public enum BeginOutcome
{
    /// <summary>The browser goes to <see cref="BeginResult.Page"/>.</summary>
    SignIn,

    /// <summary>Connected already; there is no page to go to.</summary>
    Connected,
    UnknownProvider,

    /// <summary>Only the provider's phone app can connect it.</summary>
    PhoneOnly,

    /// <summary>This installation has no credentials for it.</summary>
    NotConfigured,
    KeyMissing,
    KeyRefused,
    TakenByAnotherMember,
    ProviderUnavailable,
}

/// <param name="Page">Where the member signs in.</param>
/// <param name="SessionToken">Names this sign-in.</param>
public sealed record BeginResult(BeginOutcome Outcome, Uri? Page = null, string? SessionToken = null);

/// <summary>Begins to connect a tracker: opens the page on which the member signs in, or takes an API key.</summary>
public sealed class BeginConnection(SignInStates states, TerraClient terra, StravaClient strava, HevyClient hevy, TrackerConnections connections, TrackerSecrets secrets, SyncServices services, IOptions<TerraOptions> options, FitTrackDbContext db, TimeProvider clock)
{
    private static readonly string[] PhoneOnly = ["apple_health", "samsung_health", "health_connect"];

    /// <param name="userId">Who connects.</param>
    /// <param name="provider">Our name for it.</param>
    /// <param name="apiKey">For providers with keys (Hevy).</param>
    /// <param name="callback">Where the provider sends the browser back to; the state is added.</param>
    public async Task<BeginResult> ExecuteAsync(Guid userId, string provider, string? apiKey, Uri callback, CancellationToken ct)
    {
        if (PhoneOnly.Contains(provider, StringComparer.Ordinal))
            return new BeginResult(BeginOutcome.PhoneOnly);
        return provider switch
        {
            "strava" => await StravaAsync(userId, callback, ct),
            // The calendar is fed by us and read by nobody yet: no credentials could turn it on.
            "google_calendar" => new BeginResult(BeginOutcome.NotConfigured),
            "hevy" => await HevyAsync(userId, apiKey?.Trim(), ct),
            _ when TerraProviders.CodeOf(provider, options.Value) is { } code => await TerraAsync(userId, provider, code, callback, ct),
            _ => new BeginResult(BeginOutcome.UnknownProvider),
        };
    }

    private async Task<BeginResult> TerraAsync(Guid userId, string provider, string code, Uri callback, CancellationToken ct)
    {
        if (!services.Configured.Contains(TrackerService.Terra))
            return new BeginResult(BeginOutcome.NotConfigured);
        var state = await states.BeginAsync(userId, provider, ct);
        var success = new Uri($"{callback}?state={state}");
        var answer = await terra.OpenWidgetAsync(userId, code, success, new Uri($"{success}&error=access_denied"), ct);
        return answer.Fault is null ? new BeginResult(BeginOutcome.SignIn, answer.Value.Url, state) : new BeginResult(BeginOutcome.ProviderUnavailable);
    }

    private async Task<BeginResult> StravaAsync(Guid userId, Uri callback, CancellationToken ct)
    {
        if (!services.Configured.Contains(TrackerService.Strava))
            return new BeginResult(BeginOutcome.NotConfigured);
        var state = await states.BeginAsync(userId, "strava", ct);
        return new BeginResult(BeginOutcome.SignIn, strava.AuthorizeUrl(state, callback), state);
    }

    private async Task<BeginResult> HevyAsync(Guid userId, string? apiKey, CancellationToken ct)
    {
        if (apiKey is not { Length: > 0 and <= 200 } || !apiKey.All(c => c is > ' ' and <= '~'))
            return new BeginResult(BeginOutcome.KeyMissing);
        var answer = await hevy.WhoAsync(apiKey, ct);
        if (answer.Fault is { } fault)
            return new BeginResult(fault.Kind == FaultKind.SignInNeeded ? BeginOutcome.KeyRefused : BeginOutcome.ProviderUnavailable);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            var outcome = await connections.ConnectAsync(userId, TrackerService.Hevy, "hevy", answer.Value, null, secrets.Seal(apiKey, null, null), clock.Now(), ct);
            await transaction.CommitAsync(ct);
            return new BeginResult(outcome == ConnectOutcome.Connected ? BeginOutcome.Connected : BeginOutcome.TakenByAnotherMember);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return new BeginResult(BeginOutcome.TakenByAnotherMember);
        }
    }
}
