using System.Text.Json;
using FitTrack.Core.Trackers;
using FitTrack.Worker.Simulators;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>An Api whose providers are the simulators, in one world with it: same clock, and the webhooks reach it.</summary>
public class TrackersFixture(PostgresServer server, SimulatorServer simulators) : ApiFixture(server)
{
    private SimulatedWorld? _world;

    internal SimulatedWorld World => _world ?? throw new InvalidOperationException("The fixture has not been initialised.");

    internal Sandbox Sandbox => World.Sandbox;

    /// <summary>How many of the demo's members the simulators know.</summary>
    protected virtual int DemoUsers => 0;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _world = await simulators.OpenAsync(Clock, new LateHandler(() => Factory.Server.CreateHandler()), options =>
        {
            options.HistoryDays = 10;
            options.DemoUsers = DemoUsers;
            options.StravaWebhook = new("http://localhost/api/v1/webhooks/strava/secret-path");
        });
        var url = World.Url.AbsoluteUri.TrimEnd('/');
        Set("Terra:BaseUrl", url + "/terra/api/v2");
        Set("Terra:WidgetUrl", url + "/terra/api/widget/session");
        Set("Terra:DevId", World.Options.TerraDevId);
        Set("Terra:ApiKey", World.Options.TerraApiKey);
        Set("Terra:WebhookSecret", TerraSender.Secret);
        World.Options.TerraWebhookSecret = TerraSender.Secret;
        Set("Strava:BaseUrl", url + "/strava");
        Set("Strava:ClientId", World.Options.StravaClientId);
        Set("Strava:ClientSecret", World.Options.StravaClientSecret);
        Set("Strava:VerifyToken", "verify-me");
        Set("Strava:WebhookKey", "secret-path");
        Set("Strava:SubscriptionId", "120475");
        Set("Hevy:BaseUrl", url + "/hevy");
        Set("PublicUrl", "http://localhost");
        Factory.Settings["Jwt:Lifetime"] = "1.00:00:00"; // the clock moves by hours
        Factory.Settings["Http:MaxRetries"] = "1";
        Factory.Settings["Http:RetryDelay"] = "00:00:00.010";
        Factory.Settings["Http:BreakAtMinimumCalls"] = "10000";
    }

    /// <summary>Begins a sign-in and answers the provider's page.</summary>
    internal static async Task<Uri> InitiateAsync(TestMember member, string provider)
    {
        using var answer = await member.Client.PostJsonAsync($"/api/v1/connections/{provider}/initiate", null);
        return new Uri((await answer.ReadJsonAsync()).GetProperty("authUrl").GetString()!);
    }

    /// <summary>Presses a button on the provider's page, and goes where it leads: back to the Api.</summary>
    /// <param name="member">Who is signed in in the browser.</param>
    /// <returns>How the sign-in ended, such as <c>connected</c>.</returns>
    internal async Task<string> AnswerAsync(TestMember member, Uri page, params KeyValuePair<string, string>[] fields)
    {
        var back = await AgreeAsync(page, fields);
        await ProcessAsync();
        return await FollowAsync(member, back);
    }

    /// <summary>Presses a button on the provider's page; answers where it leads.</summary>
    internal async Task<Uri> AgreeAsync(Uri page, params KeyValuePair<string, string>[] fields)
    {
        using var browser = World.NewClient();
        using var back = await browser.PostAsync(page, new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);
        return back.Headers.Location ?? throw new InvalidOperationException(await back.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Comes back to the Api, which sends the browser on to the front end, which finishes the sign-in as the member who is signed in there.</summary>
    internal async Task<string> FollowAsync(TestMember member, Uri back)
    {
        using var client = NewClient();
        using var answer = await client.GetAsync(back.PathAndQuery, TestContext.Current.CancellationToken);
        return await member.Client.FinishSignInAsync(answer);
    }

    /// <summary>The whole sign-in at one of Terra's providers; answers Terra's id of the account.</summary>
    internal async Task<string> ConnectTerraAsync(TestMember member, string provider)
    {
        var page = await InitiateAsync(member, provider);
        Assert.Equal("pending", await AnswerAsync(member, page, new KeyValuePair<string, string>("provider", provider == "google_fit" ? "GOOGLE" : provider.ToUpperInvariant())));
        await ProcessAsync();
        return (await ConnectionAsync(member, provider)).ExternalUserId;
    }

    /// <param name="account">An athlete there is; null: a new one.</param>
    internal async Task ConnectStravaAsync(TestMember member, string? account = null) =>
        Assert.Equal("connected", await AnswerAsync(member, await InitiateAsync(member, "strava"), [new("agree", "true"), new("account", account ?? ""), .. StravaScopes.Select(s => KeyValuePair.Create("scope", s))]));

    internal static readonly string[] StravaScopes = ["read", "activity:read_all", "profile:read_all"];

    /// <summary>What the Worker does when it is woken: everything due is fetched, and what was fetched is scored.</summary>
    internal Task SyncAsync() => Factory.SyncTrackersAsync(TestContext.Current.CancellationToken);

    internal Task ProcessAsync() => Factory.ProcessWebhooksAsync(TestContext.Current.CancellationToken);

    internal async Task<ProviderConnection> ConnectionAsync(TestMember member, string provider)
    {
        await using var db = OpenDb();
        return db.Set<ProviderConnection>().Single(c => c.UserId == member.Id && c.Provider == provider);
    }

    internal static async Task<JsonElement> ShownAsync(TestMember member, string provider) =>
        (await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("provider").GetString() == provider);

    internal static async Task<List<JsonElement>> ActivitiesAsync(TestMember member, string query = "per_page=100") =>
        [.. (await member.Client.GetJsonAsync("/api/v1/activities?" + query)).GetProperty("items").EnumerateArray()];

    /// <summary>Short waits (a retry's pause) end at once.</summary>
    protected override TestClock NewClock() => new() { SkipsWaitsUpTo = TimeSpan.FromSeconds(4) };

    protected void Set(string key, string value) => Factory.Settings["Trackers:" + key] = value;

    /// <summary>The Api exists only after its settings are known, and they name the simulators.</summary>
    private sealed class LateHandler(Func<HttpMessageHandler> inner) : HttpMessageHandler
    {
        private readonly Lazy<HttpMessageInvoker> _inner = new(() => new HttpMessageInvoker(inner()));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.Value.SendAsync(request, cancellationToken);
    }
}
