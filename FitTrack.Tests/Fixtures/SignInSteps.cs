using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>What the front end does when a browser comes back from a provider.</summary>
internal static class SignInSteps
{
    /// <summary>Takes what the Api sent the browser on with, and finishes the sign-in with it.</summary>
    /// <param name="member">Calls the Api as whoever is signed in in the browser.</param>
    /// <param name="redirect">The Api's answer to the browser.</param>
    /// <returns>How it ended, such as <c>connected</c>; <c>expired</c> where there is no such sign-in of this member.</returns>
    public static async Task<string> FinishSignInAsync(this HttpClient member, HttpResponseMessage redirect)
    {
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        var page = redirect.Headers.Location!;
        var brought = QueryHelpers.ParseQuery(page.Query).ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal);
        if (page.AbsolutePath == "/trackers")
            return brought["result"];
        Assert.StartsWith("/trackers/return/", page.AbsolutePath, StringComparison.Ordinal);
        using var answer = await member.PostJsonAsync($"/api/v1/connections/{page.Segments[^1]}/callback", new
        {
            state = brought.GetValueOrDefault("state"),
            code = brought.GetValueOrDefault("code"),
            scope = brought.GetValueOrDefault("scope"),
            error = brought.GetValueOrDefault("error"),
            userId = brought.GetValueOrDefault("user_id"),
        });
        if (answer.StatusCode != HttpStatusCode.NotFound)
            return (await answer.ReadJsonAsync()).GetProperty("result").GetString()!;
        await answer.ReadProblemAsync(HttpStatusCode.NotFound);
        return "expired";
    }
}
