using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FitTrack.Tests.Worker.Simulators;

/// <summary>Signing in at the simulated Strava.</summary>
internal static class StravaSteps
{
    public const string Back = "http://localhost:5080/connections/strava/callback";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static HttpClient As(SimulatedWorld world, JsonElement tokens) => world.NewClient(("Authorization", $"Bearer {tokens.GetProperty("access_token").GetString()}"));

    public static string AuthorizeLink(SimulatedWorld world) =>
        $"strava/oauth/authorize?client_id={world.Options.StravaClientId}&redirect_uri={Uri.EscapeDataString(Back)}&response_type=code&approval_prompt=auto&scope=read,activity:read_all&state=s%201";

    /// <summary>Agrees to these scopes, the others unticked.</summary>
    public static async Task<(string Code, string Scope)> AuthorizeAsync(SimulatedWorld world, params string[] scopes)
    {
        using var page = await world.NewClient().GetAsync(AuthorizeLink(world), Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var answer = await world.NewClient().PostAsync(AuthorizeLink(world), new FormUrlEncodedContent([new("agree", "true"), .. scopes.Select(s => KeyValuePair.Create("scope", s))]), Ct);
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        Assert.Equal("s 1", query["state"]);
        return (query["code"].ToString(), query["scope"].ToString());
    }

    public static Task<HttpResponseMessage> TokenAsync(SimulatedWorld world, IEnumerable<KeyValuePair<string, string>> fields, string? secret = null) =>
        world.NewClient().PostAsync("strava/oauth/token", new FormUrlEncodedContent([new("client_id", world.Options.StravaClientId), new("client_secret", secret ?? world.Options.StravaClientSecret), .. fields]), Ct);

    public static Task<HttpResponseMessage> RefreshAsync(SimulatedWorld world, string token) => TokenAsync(world, [new("grant_type", "refresh_token"), new("refresh_token", token)]);

    public static async Task<JsonElement> ConnectAsync(SimulatedWorld world, params string[] scopes)
    {
        var (code, _) = await AuthorizeAsync(world, scopes);
        using var answer = await TokenAsync(world, [new("grant_type", "authorization_code"), new("code", code)]);
        return await answer.ReadJsonAsync();
    }
}
