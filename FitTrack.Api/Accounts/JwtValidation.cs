using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Accounts;

/// <summary>
/// Bearer tokens: RS256 by a known key, our issuer and audience, within their lifetime, of a session that was not signed out. The claims keep their
/// short names (<c>sub</c>, <c>role</c>, <c>sid</c>, ...). A refused token fails with the detail that the 401 answer shows.
/// </summary>
internal static partial class JwtValidation
{
    public const string Scheme = "Bearer";
    public const string Expired = "Token expired";
    public const string Invalid = "Invalid token";

    private const string Prefix = "Bearer ";

    /// <summary>Needs an <see cref="IJwtKeys"/>; uses an <see cref="IRevokedSessions"/> if there is one.</summary>
    public static AuthenticationBuilder AddFitTrackJwt(this IServiceCollection services)
    {
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<JwtOptions>>().Value);
        services.TryAddSingleton<IRevokedSessions, NoRevokedSessions>();
        return AddBearer(services.AddAuthentication(Scheme));
    }

    private static partial AuthenticationBuilder AddBearer(AuthenticationBuilder authentication);

    /// <summary>The token of the Authorization header; null if there is none, empty if the header is there more than once.</summary>
    private static string? TokenOf(HttpRequest request)
    {
        var sent = request.Headers.Authorization;
        if (sent.Count > 1)
            return "";
        return sent.Count == 1 && sent[0] is { } value && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value[Prefix.Length..] : null;
    }

    private static async ValueTask<bool> KnowsAsync(IJwtKeys keys, string kid, CancellationToken ct)
    {
        if (keys.TryGet(kid, out _))
            return true;
        await keys.ReloadAsync(ct);
        return keys.TryGet(kid, out _);
    }

    /// <summary>Null when the token is within its lifetime, else why not.</summary>
    private static string? LifetimeProblem(long notBefore, long expiresAt, DateTimeOffset now, TimeSpan skew)
    {
        var seconds = now.ToUnixTimeSeconds();
        if (seconds >= expiresAt + (long)skew.TotalSeconds)
            return Expired;
        return notBefore > seconds + (long)skew.TotalSeconds ? Invalid : null;
    }
}
