using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>
/// Where a request really comes from. <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count only from the proxies of
/// <c>Proxies:Trusted</c> (addresses or networks), and <c>X-Forwarded-For</c> from FitTrack's own Web front end, which proves itself
/// with a value derived from <c>Security:MasterKey</c>. Loopback is not trusted by itself: whoever shares the machine is a client too.
/// </summary>
public static class ClientAddress
{
    public const string ProofHeader = "X-FitTrack-Front-End";
    public const string ForwardedFor = "X-Forwarded-For";

    private const int MasterKeyLength = 32;

    /// <summary>Call it first.</summary>
    /// <exception cref="FormatException">An entry of <c>Proxies:Trusted</c> is neither an address nor a network.</exception>
    public static void UseClientAddress(this WebApplication app)
    {
        if (FrontEndProof(app.Configuration) is { } proof)
        {
            var expected = Encoding.ASCII.GetBytes(proof);
            app.Use((HttpContext context, RequestDelegate next) =>
            {
                TakeFromFrontEnd(context, expected);
                return next(context);
            });
        }

        var trusted = app.Configuration.GetSection("Proxies:Trusted").Get<string[]>() ?? [];
        if (trusted.Length == 0)
            return; // the framework's middleware trusts everybody when it is given nobody
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var entry in trusted)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(entry.Contains('/', StringComparison.Ordinal) ? entry : entry + (entry.Contains(':', StringComparison.Ordinal) ? "/128" : "/32")));
        app.UseForwardedHeaders(options);
    }

    /// <summary>What the Web front end sends along to the Api; null when there is no master key to derive it from. Secret.</summary>
    public static string? FrontEndProof(IConfiguration configuration)
    {
        var key = new byte[MasterKeyLength];
        if (configuration["Security:MasterKey"] is not { } text || !Convert.TryFromBase64String(text, key, out var length) || length != MasterKeyLength)
            return null;
        return Base64Url.EncodeToString(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "FitTrack.FrontEnd.v1"u8.ToArray()));
    }

    private static void TakeFromFrontEnd(HttpContext context, byte[] proof)
    {
        var headers = context.Request.Headers;
        if (!headers.Remove(ProofHeader, out var sent))
            return;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(sent.ToString()), proof) || !IPAddress.TryParse(headers[ForwardedFor].ToString(), out var address))
            return;
        headers.Remove(ForwardedFor);
        context.Connection.RemoteIpAddress = address;
    }
}
