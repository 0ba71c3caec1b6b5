namespace FitTrack.Api.Http;

/// <summary>
/// Other sites whose scripts may call the Api, by <c>Cors:AllowedOrigins</c>; none unless configured. FitTrack's own front end calls
/// from its server and needs no entry.
/// </summary>
internal static class AllowedOrigins
{
    private static readonly string[] Readable =
        ["ETag", "Location", "Retry-After", "X-Correlation-Id", "X-Total-Count", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Idempotency-Replayed"];

    /// <exception cref="InvalidOperationException">An entry is no plain origin, or not https outside Development.</exception>
    public static void AddAllowedOrigins(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        var origins = configuration.GetSection("Cors:AllowedOrigins").Get<string[]>() ?? [];
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin
                || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment())))
            {
                throw new InvalidOperationException($"Cors:AllowedOrigins: '{origin}' is not an origin such as https://app.example.com.");
            }
        }

        // Tokens travel in a header that a script sets itself; cookies of this site are nobody else's to send.
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
            policy.WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Readable).SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }
}
