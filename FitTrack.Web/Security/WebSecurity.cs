using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

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
        services.AddAntiforgery(o => (o.Cookie.Name, o.Cookie.SecurePolicy) = ("fittrack-af", CookieSecurePolicy.SameAsRequest));
        // The pages' forms are small, and nobody needs long to send one.
        services.Configure<KestrelServerOptions>(o => (o.AddServerHeader, o.Limits.MaxRequestBodySize, o.Limits.RequestHeadersTimeout) = (false, 64 * 1024, TimeSpan.FromSeconds(15)));
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddScoped<TokenRefresh>();
        services.AddScoped<KeptForm>();
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

    /// <summary>
    /// Forms need their antiforgery token. Without one the answer is 400, and with more than the page takes 413; the page that says so is fetched as
    /// with GET, since it would read the form again and fail at that.
    /// </summary>
    public static void UseFormProtection(this WebApplication app)
    {
        app.Use(static async (HttpContext context, RequestDelegate next) =>
        {
            try
            {
                await next(context);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException e) when (!context.Response.HasStarted)
            {
                Refuse(context, e.StatusCode);
            }
        });
        app.UseAntiforgery();
        app.Use(static (HttpContext context, RequestDelegate next) =>
        {
            if (HttpMethods.IsPost(context.Request.Method) && context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false, Error: var error })
            {
                Refuse(context, error?.InnerException is Microsoft.AspNetCore.Http.BadHttpRequestException { StatusCode: var status } ? status : StatusCodes.Status400BadRequest);
                return Task.CompletedTask;
            }

            ShowPageWhenFormIsGone(context);
            return next(context);
        });
    }

    private static void Refuse(HttpContext context, int status) => (context.Response.StatusCode, context.Request.Method) = (status, HttpMethods.Get);

    /// <summary>Blazor answers 400 to a form that its page no longer has, as after a second click or the back button. The page as it is now says more.</summary>
    private static void ShowPageWhenFormIsGone(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
            return;
        var page = UriHelper.BuildRelative(context.Request.PathBase, context.Request.Path, context.Request.QueryString);
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status400BadRequest)
                (context.Response.StatusCode, context.Response.Headers.Location) = (StatusCodes.Status303SeeOther, page);
            return Task.CompletedTask;
        });
    }

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
