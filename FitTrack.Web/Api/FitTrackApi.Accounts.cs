namespace FitTrack.Web.Api;

/// <summary>Accounts: opening one, mailed links, and what keeps it safe.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<object>> RegisterAsync(Registration registration, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "auth/register", registration, authorize: false, ct);

    public Task<ApiResult<object>> VerifyEmailAsync(string token, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "auth/verify-email", new { token }, authorize: false, ct);

    public Task<ApiResult<object>> ResendVerificationAsync(string email, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "auth/resend-verification", new { email }, authorize: false, ct);

    public Task<ApiResult<object>> ForgotPasswordAsync(string email, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "auth/forgot-password", new { email }, authorize: false, ct);

    public Task<ApiResult<object>> ResetPasswordAsync(string token, string newPassword, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "auth/reset-password", new { token, newPassword }, authorize: false, ct);

    public Task<ApiResult<Page<Session>>> GetSessionsAsync(CancellationToken ct) => GetAsync<Page<Session>>("users/me/sessions?per_page=50", ct);

    public Task<ApiResult<object>> EndSessionAsync(Guid id, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Delete, $"users/me/sessions/{id}", body: null, authorize: true, ct);

    public Task<ApiResult<object>> ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Put, "users/me/password", new { currentPassword, newPassword }, authorize: true, ct);

    public Task<ApiResult<TwoFactor>> GetTwoFactorAsync(CancellationToken ct) => GetAsync<TwoFactor>("users/me/two-factor", ct);

    /// <summary>First with the password, which gives a secret, then with a code of it, which gives recovery codes.</summary>
    public Task<ApiResult<TwoFactor>> EnableTwoFactorAsync(string? password, string? code, CancellationToken ct) =>
        SendAsync<TwoFactor>(HttpMethod.Post, "users/me/two-factor", new { password, code }, authorize: true, ct);

    public Task<ApiResult<object>> DisableTwoFactorAsync(string twoFactorCode, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Delete, "users/me/two-factor", new { twoFactorCode }, authorize: true, ct);
}
