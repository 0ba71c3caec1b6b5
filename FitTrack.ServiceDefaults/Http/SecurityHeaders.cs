using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>What every answer of Api and Web tells browsers, errors included.</summary>
public static class SecurityHeaders
{
    /// <summary>Only what comes from here, nothing inline, in nobody's frame.</summary>
    public const string ContentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly StringValues Nosniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues NoFeatures = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    private static readonly StringValues Hsts = "max-age=31536000; includeSubDomains";

    /// <summary>Call it before everything that answers. Strict-Transport-Security (RFC 6797) goes out over https and outside Development.</summary>
    /// <param name="app">The application.</param>
    /// <param name="referrerPolicy">What other sites learn of our addresses.</param>
    public static void UseSecurityHeaders(this WebApplication app, string referrerPolicy)
    {
        var (policy, referrer, sendsHsts) = (new StringValues(ContentSecurityPolicy), new StringValues(referrerPolicy), !app.Environment.IsDevelopment());
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = Nosniff;
            headers.XFrameOptions = Deny;
            headers["Referrer-Policy"] = referrer;
            headers["Permissions-Policy"] = NoFeatures;
            headers["Cross-Origin-Opener-Policy"] = SameOrigin;
            if (sendsHsts && context.Request.IsHttps)
                headers.StrictTransportSecurity = Hsts;
            return next(context);
        });
    }
}
