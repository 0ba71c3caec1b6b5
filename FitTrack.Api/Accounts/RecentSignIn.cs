using FitTrack.Api.Http;
using FitTrack.Core.Accounts;

namespace FitTrack.Api.Accounts;

/// <summary>What a stolen session must not do asks for a sign-in that is a few minutes old at most (<see cref="AccountsOptions.RecentSignIn"/>), with the second factor where one is enabled.</summary>
internal static class RecentSignIn
{
    public const string ProblemType = "urn:fittrack:reauthentication-required";

    public static RouteHandlerBuilder RequireRecentSignIn(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(static async (context, next) =>
    {
        var http = context.HttpContext;
        var sessions = http.RequestServices.GetRequiredService<Sessions>();
        return await sessions.IsRecentAsync(http.User.RequiredMemberId(), http.User.RequiredSessionId(), http.RequestAborted)
            ? await next(context)
            : Problems.Forbidden("Sign in again first: this needs a sign-in of the last few minutes.", ProblemType);
    });
}
