using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Api.Http;
using Microsoft.AspNetCore.Authentication;

namespace FitTrack.Api.Accounts;

internal static partial class JwtValidation
{
    private static partial AuthenticationBuilder AddBearer(AuthenticationBuilder authentication)
    {
        // Without the second registration the handler would be made by reflection in every request.
        authentication.Services.AddSingleton<VerifiedTokens>().AddTransient<Handler>();
        authentication.Services.Configure<AuthenticationOptions>(options => options.AddScheme<Handler>(Scheme, displayName: null));
        return authentication;
    }

    /// <summary>Implements the interface rather than deriving from the base class, whose options and logger look-ups every request would pay for.</summary>
    private sealed class Handler(VerifiedTokens verified, IJwtKeys keys, IRevokedSessions revoked, JwtOptions options, TimeProvider clock) : IAuthenticationHandler
    {
        private HttpContext _context = null!;
        private Task<AuthenticateResult>? _result;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
        {
            _context = context;
            return Task.CompletedTask;
        }

        public Task<AuthenticateResult> AuthenticateAsync() => _result ??= Judge();

        public async Task ChallengeAsync(AuthenticationProperties? properties)
        {
            var failure = (await AuthenticateAsync()).Failure;
            _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            _context.Response.Headers.WWWAuthenticate = failure is null ? Scheme : $"{Scheme} error=\"invalid_token\", error_description=\"{failure.Message}\"";
        }

        public Task ForbidAsync(AuthenticationProperties? properties)
        {
            _context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        private Task<AuthenticateResult> Judge()
        {
            if (TokenOf(_context.Request) is not { } token)
                return NoResult;
            // A remembered token passed every check once; what can have changed since is asked again.
            if (verified.TryGet(token, out var known) && keys.TryGet(known.Content.Kid, out _))
                return Current(known);
            return VerifyAsync(token);
        }

        private async Task<AuthenticateResult> VerifyAsync(string token)
        {
            if (!JwtReader.TryRead(token, options, out var content)
                || !await KnowsAsync(keys, content.Kid, _context.RequestAborted)
                || !keys.TryGet(content.Kid, out var key)
                || !IsSigned(token, key))
            {
                return await Refused;
            }

            var checkedToken = VerifiedToken.Of(content);
            var result = Current(checkedToken);
            if (result == checkedToken.Result)
                verified.Remember(token, checkedToken);
            return await result;
        }

        private Task<AuthenticateResult> Current(VerifiedToken token) =>
            LifetimeProblem(token.Content.NotBefore, token.Content.ExpiresAt, clock.GetUtcNow(), options.ClockSkew) switch
            {
                Expired => TooLate,
                not null => Refused,
                _ => revoked.Contains(token.Content.Session) || keys.IsRetired(token.Content.Kid) ? Refused : token.Result,
            };

        private static bool IsSigned(string token, RSA key)
        {
            var end = token.LastIndexOf('.');
            return JwtReader.TrySplit(token, out _, out _, out var signature)
                && key.VerifyData(Encoding.ASCII.GetBytes(token, 0, end), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    private static readonly Task<AuthenticateResult> NoResult = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> Refused = Task.FromResult(AuthenticateResult.Fail(Invalid));
    private static readonly Task<AuthenticateResult> TooLate = Task.FromResult(AuthenticateResult.Fail(Expired));

    /// <summary>A token whose signature was verified, with the answer for the requests that bring it. Principals are only read, so they can be shared.</summary>
    internal sealed record VerifiedToken(JwtContent Content, Task<AuthenticateResult> Result)
    {
        public static VerifiedToken Of(JwtContent content)
        {
            var principal = new KnownCaller(new ClaimsIdentity(content.Claims, Scheme, "sub", "role"));
            return new(content, Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme))));
        }
    }
}
