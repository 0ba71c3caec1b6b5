namespace FitTrack.Web.Api;

/// <summary>Trackers: which are connected, and what becomes of them.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<ConnectionList>> GetConnectionsAsync(CancellationToken ct) => GetAsync<ConnectionList>("connections", ct);

    /// <param name="provider">Our name for it.</param>
    /// <param name="apiKey">For those that are connected with a key.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<SignInPage>> ConnectAsync(string provider, string? apiKey, CancellationToken ct) =>
        SendAsync<SignInPage>(HttpMethod.Post, $"connections/{provider}/initiate", new { apiKey }, authorize: true, ct);

    /// <summary>Ends a sign-in at a provider with what it sent the browser back with.</summary>
    public Task<ApiResult<SignInAnswer>> FinishSignInAsync(string provider, IQueryCollection brought, CancellationToken ct) =>
        SendAsync<SignInAnswer>(
            HttpMethod.Post, $"connections/{Uri.EscapeDataString(provider)}/callback",
            new { state = (string?)brought["state"], code = (string?)brought["code"], scope = (string?)brought["scope"], error = (string?)brought["error"], userId = (string?)brought["user_id"] },
            authorize: true, ct);

    public Task<ApiResult<object>> SetPrimaryAsync(string provider, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Put, $"connections/{provider}/set-primary", new { }, authorize: true, ct);

    public Task<ApiResult<object>> SyncAsync(string provider, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, $"connections/{provider}/sync", new { }, authorize: true, ct);

    public Task<ApiResult<object>> DisconnectAsync(string provider, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Delete, $"connections/{provider}", body: null, authorize: true, ct);
}
