using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitTrack.Web.Components.Layout;

/// <summary>Light, dark, or as the device has it: a cookie, so that the switch works without JavaScript and nothing flashes.</summary>
internal static class Theme
{
    private const string CookieName = "fittrack-theme";

    /// <summary><c>light</c>, <c>dark</c>, or null for the device's.</summary>
    public static string? Of(HttpContext? context) => context?.Request.Cookies[CookieName] is "light" or "dark" ? context.Request.Cookies[CookieName] : null;

    /// <summary>The choice, and for pages that are the same for everybody a style sheet that says it.</summary>
    public static void MapTheme(this IEndpointRouteBuilder routes)
    {
        // Without an antiforgery token: another site could at most switch the light on.
        routes.MapPost("/theme", Post).DisableAntiforgery();
        routes.MapGet("/theme.css", Sheet);
    }

    private static ContentHttpResult Sheet(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text($":root {{ color-scheme: {Of(context) ?? "light dark"}; }}", "text/css");
    }

    private static RedirectHttpResult Post([FromForm] string? theme, [FromForm] string? returnUrl, HttpContext context)
    {
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
        if (theme is "light" or "dark")
            context.Response.Cookies.Append(CookieName, theme, options);
        else
            context.Response.Cookies.Delete(CookieName, options);
        return TypedResults.LocalRedirect(Security.SignIn.Local(returnUrl));
    }
}
