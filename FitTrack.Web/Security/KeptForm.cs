using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Web.Security;

/// <summary>
/// What a member had typed when their session ended, kept in an encrypted cookie for half an hour until they are signed in again; then
/// the page's fields (Components/Shared/Field) find it. Secrets are never kept, nor is anything that another site posted or that somebody else typed.
/// </summary>
internal sealed class KeptForm(IHttpContextAccessor accessor, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string CookieName = "fittrack-form";
    private const string OwnerCookie = "fittrack-who";
    private const string Handler = "_handler";

    /// <summary>A form with a file is longer, and a file cannot be put back.</summary>
    private const int MaxForm = 64 * 1024;

    /// <summary>Characters. Servers take 32 KB of headers, and there are other cookies.</summary>
    private const int MaxCookie = 16 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private static readonly string[] Secrets = ["password", "code", "key", "secret", "token"];

    private readonly IDataProtector _protector = protection.CreateProtector("kept-form-packed");
    private readonly ChunkingCookieManager _cookies = new();
    private Kept? _kept;
    private bool _isTaken;

    private sealed record Kept(string Path, string Owner, DateTimeOffset At, Dictionary<string, string> Values);

    /// <summary>Whether a form waits for its member to sign in.</summary>
    public bool IsWaiting => accessor.HttpContext is { } context && Read(context) is not null;

    /// <summary>What was typed into a form of this page before, by field; null almost always.</summary>
    /// <param name="form">Its name, as <c>@formname</c> has it.</param>
    public IReadOnlyDictionary<string, string>? Of(string? form)
    {
        if (!_isTaken && accessor.HttpContext is { } context)
            (_kept, _isTaken) = (Take(context), true);
        return form is not null && _kept?.Values.GetValueOrDefault(Handler) == form ? _kept.Values : null;
    }

    /// <summary>Whether a box of a group with one name was ticked when the form was kept; as it is now when none was.</summary>
    public bool IsTicked(string form, string name, string value, bool now) => Of(form) is { } kept ? kept.GetValueOrDefault(name)?.Split(',').Contains(value, StringComparer.Ordinal) == true : now;

    /// <summary>Keeps the request's form, if it is one of a member whose session is over.</summary>
    public async Task KeepAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || request.ContentLength is null or > MaxForm || !IsFromHere(request) || Owner(context) is not { } owner)
            return;
        var form = await request.ReadFormAsync(context.RequestAborted);
        var values = form.Where(f => !Secrets.Any(s => f.Key.Contains(s, StringComparison.OrdinalIgnoreCase))).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
        var cookie = Base64Url.EncodeToString(_protector.Protect(Pack(new Kept(request.Path, owner, clock.GetUtcNow(), values))));
        if (cookie.Length <= MaxCookie)
            _cookies.AppendResponseCookie(context, CookieName, cookie, Options(context, clock.GetUtcNow() + Lifetime));
    }

    /// <summary>Remembers whose browser this is, as a hash under the master key; signing out forgets it.</summary>
    public void Remember(HttpContext context, string email) => _cookies.AppendResponseCookie(
        context, OwnerCookie, Base64Url.EncodeToString(_protector.Protect(Encoding.UTF8.GetBytes(HashOf(email)))), Options(context, clock.GetUtcNow().AddDays(30)));

    public void Forget(HttpContext context)
    {
        _cookies.DeleteCookie(context, OwnerCookie, Options(context, null));
        _cookies.DeleteCookie(context, CookieName, Options(context, null));
    }

    private static CookieOptions Options(HttpContext context, DateTimeOffset? until) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Expires = until, IsEssential = true };

    private static string HashOf(string email) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant())));

    /// <summary>Another site could plant its own words in the member's form.</summary>
    private static bool IsFromHere(HttpRequest request) => request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
        ? site == "same-origin"
        : request.Headers.Origin == $"{request.Scheme}://{request.Host}";

    private Kept? Take(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.User.Identity?.Name is not { } email || Read(context) is not { } kept || kept.Path != context.Request.Path)
            return null;
        if (!context.Response.HasStarted)
            _cookies.DeleteCookie(context, CookieName, Options(context, null));
        return kept.Owner == HashOf(email) ? kept : null;
    }

    private Kept? Read(HttpContext context) =>
        Open(_cookies.GetRequestCookie(context, CookieName)) is { } packed && Unpack(packed) is { } kept && clock.GetUtcNow() - kept.At < Lifetime ? kept : null;

    /// <summary>Long texts fit as well that way.</summary>
    private static byte[] Pack(Kept kept)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            JsonSerializer.Serialize(brotli, kept);
        return packed.ToArray();
    }

    private static Kept? Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<Kept>(brotli);
    }

    private string? Owner(HttpContext context) => Open(_cookies.GetRequestCookie(context, OwnerCookie)) is { } hash ? Encoding.UTF8.GetString(hash) : null;

    /// <summary>Null when it is not ours, or was changed.</summary>
    private byte[]? Open(string? cookie)
    {
        try
        {
            return cookie is null ? null : _protector.Unprotect(Base64Url.DecodeFromChars(cookie));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>The Api no longer knows the session that the cookie holds.</summary>
internal sealed class SessionEndedException : Exception;

internal static class KeptForms
{
    /// <summary>Sends members whose session is over to the sign-in and back, and keeps what they had typed. Call it between authentication and authorization.</summary>
    public static void UseKeptForms(this WebApplication app) => app.Use(static async (HttpContext context, RequestDelegate next) =>
    {
        var kept = context.RequestServices.GetRequiredService<KeptForm>();
        if (context.User.Identity?.IsAuthenticated != true && context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
            await kept.KeepAsync(context);
        try
        {
            await next(context);
        }
        catch (SessionEndedException) when (!context.Response.HasStarted)
        {
            await kept.KeepAsync(context);
            await SignIn.EndAsync(context);
        }
    });
}
