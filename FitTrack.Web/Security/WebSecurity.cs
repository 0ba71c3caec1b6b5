using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Web.Security;

internal static class WebSecurity
{
    /// <summary>Longer than the refresh token lives (7 days) would only keep a cookie that no longer works.</summary>
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(7);

    /// <summary>
    /// Sign-in by an encrypted HttpOnly cookie that holds the Api's tokens; antiforgery; both under <c>Security:MasterKey</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No usable master key outside Development.</exception>
    public static void AddWebSecurity(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton<IDataProtectionProvider>(new MasterKeyDataProtection(MasterKey(configuration, environment)));
        services.AddAntiforgery(o => o.Cookie.Name = "fittrack-af");
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddScoped<TokenRefresh>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(o =>
        {
            o.Cookie.Name = "fittrack";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.ExpireTimeSpan = CookieLifetime;
            o.SlidingExpiration = false;
            o.LoginPath = "/";
            o.EventsType = typeof(TokenRefresh);
        });
    }

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' https: data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        return next(context);
    });

    private static byte[] MasterKey(IConfiguration configuration, IHostEnvironment environment)
    {
        var text = configuration["Security:MasterKey"];
        var key = new byte[32];
        if (text is not null && Convert.TryFromBase64String(text, key, out var length) && length == key.Length)
            return key;
        if (environment.IsDevelopment() && string.IsNullOrEmpty(text))
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(key);
            return key;
        }

        throw new InvalidOperationException("Security:MasterKey must be 32 bytes in base64.");
    }
}
