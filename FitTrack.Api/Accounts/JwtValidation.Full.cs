using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace FitTrack.Api.Accounts;

internal static partial class JwtValidation
{
    private static partial AuthenticationBuilder AddBearer(AuthenticationBuilder authentication)
    {
        authentication.AddJwtBearer(Scheme, _ => { });
        authentication.Services.AddOptions<JwtBearerOptions>(Scheme).Configure<JwtOptions, IJwtKeys, TimeProvider>(Configure);
        return authentication;
    }

    private static void Configure(JwtBearerOptions bearer, JwtOptions options, IJwtKeys keys, TimeProvider clock)
    {
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.Events = new JwtBearerEvents { OnMessageReceived = ReadAsync, OnTokenValidated = CheckSession, OnAuthenticationFailed = Explain, OnChallenge = Describe };
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            AuthenticationType = Scheme,
            NameClaimType = "sub",
            RoleClaimType = "role",
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, kid, _) => kid is not null && keys.TryGet(kid, out var key) ? [new RsaSecurityKey(key) { KeyId = kid }] : [],
            LifetimeValidator = (_, expires, _, _) => expires is { } end && clock.GetUtcNow() < new DateTimeOffset(end, TimeSpan.Zero) + options.ClockSkew
                ? true
                : throw new SecurityTokenExpiredException(Expired),
        };
    }

    private static async Task ReadAsync(MessageReceivedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var (options, keys) = (services.GetRequiredService<JwtOptions>(), services.GetRequiredService<IJwtKeys>());
        switch (TokenOf(context.Request))
        {
            case null:
                context.NoResult();
                break;
            case var token when JwtReader.TryRead(token, options, out var content)
                && await KnowsAsync(keys, content.Kid, context.HttpContext.RequestAborted)
                && (LifetimeProblem(content.NotBefore, content.ExpiresAt, services.GetRequiredService<TimeProvider>().GetUtcNow(), options.ClockSkew) ?? (keys.IsRetired(content.Kid) ? Invalid : null)) != Invalid:
                context.Token = token;
                break;
            default:
                context.Fail(Invalid);
                break;
        }
    }

    private static Task CheckSession(TokenValidatedContext context)
    {
        var revoked = context.HttpContext.RequestServices.GetRequiredService<IRevokedSessions>();
        if (!Guid.TryParse(context.Principal?.FindFirst("sid")?.Value, out var session) || revoked.Contains(session))
            context.Fail(Invalid);
        return Task.CompletedTask;
    }

    private static Task Explain(AuthenticationFailedContext context)
    {
        context.Fail(context.Exception is SecurityTokenExpiredException ? Expired : Invalid);
        return Task.CompletedTask;
    }

    /// <summary>By itself the challenge describes the library's own exceptions only.</summary>
    private static Task Describe(JwtBearerChallengeContext context)
    {
        context.ErrorDescription = context.AuthenticateFailure?.Message;
        return Task.CompletedTask;
    }
}
