using System.Net;
using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Web;
using FitTrack.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// Front end, Api and simulated trackers as in Development, each on a port of its own in this process, over one database, with one browser: for
/// tests of pages that need no other program. Started with the first of a collection, whose tests run one after the other.
/// </summary>
public sealed class TestSite(PostgresServer server, SimulatorServer simulators) : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private readonly Dictionary<Viewer, (string State, DateTimeOffset At)> _signedIn = [];
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private TestDatabase? _database;
    private ApiFactory? _api;
    private WebApplicationFactory<WebMarker>? _web;

    public ApiFactory Api => _api ?? throw new InvalidOperationException("The site has not been started.");

    public TestDatabase Database => _database ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>The providers. Their webhooks reach the Api, and are worked off as soon as they are there.</summary>
    internal SimulatedWorld World { get; private set; } = null!;

    /// <summary>The front end's first page.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _api = new ApiFactory(_database.ConnectionString, new TestClock(NextAfternoon())) { EnvironmentName = "Development" };
        World = await simulators.OpenAsync(_api.Clock, new PromptWorker(_api), o => (o.HistoryDays, o.DemoUsers) = (2, new SeedOptions().Users));
        foreach (var (key, value) in World.Settings)
            _api.Settings[key] = value;
        _api.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        using var api = _api.CreateClient();
        World.Options.TerraWebhook = new Uri(api.BaseAddress!, "/api/v1/webhooks/terra");
        (_web, Address) = NewWeb();
        // Where providers' sign-ins end; the Api was there first.
        _api.Services.GetRequiredService<IOptions<MailOptions>>().Value.PublicUrl = Address.AbsoluteUri;
    }

    /// <summary>Another front end of the same Api, to be stopped by whoever asked for it.</summary>
    /// <param name="port">To listen on; 0 for a free one.</param>
    public (WebApplicationFactory<WebMarker> Web, Uri Address) NewWeb(int port = 0)
    {
        using var api = Api.CreateClient();
        var web = new WebApplicationFactory<WebMarker>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("services:api:http:0", api.BaseAddress!.ToString())
            .UseSetting("Security:MasterKey", _masterKey)
            .UseSetting("Http:AttemptTimeout", "00:01:00")
            .UseSetting("Http:TotalTimeout", "00:01:00")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new TimeOfTheSite(Api.Clock)))));
        web.UseKestrel(o => o.Listen(IPAddress.Loopback, port));
        using var client = web.CreateClient();
        return (web, client.BaseAddress!);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_web is not null)
            await _web.DisposeAsync();
        if (_api is not null)
            await _api.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <inheritdoc cref="BrowserFixture.NewPageAsync"/>
    public Task<BrowserPage> NewPageAsync(int width = 1280, string? state = null, bool hasScript = true, Uri? at = null) => _browser.NewPageAsync(width, at ?? Address, state, hasScript);

    /// <summary>The cookies of the demo's member or administrator, who signs in with the first page that asks; null for a visitor.</summary>
    public async Task<string?> SignedInAsync(Viewer viewer)
    {
        if (viewer == Viewer.Visitor)
            return null;
        // Tests move the clock, and an access token lasts half an hour.
        if (_signedIn.TryGetValue(viewer, out var earlier) && Api.Clock.Now < earlier.At.AddMinutes(20))
            return earlier.State;
        await using var tab = await NewPageAsync();
        await tab.Page.GotoAsync("/");
        await tab.Page.SignInAsync(viewer == Viewer.Admin ? DemoAccounts.AdminEmail : DemoAccounts.MemberEmail, DemoAccounts.Password);
        var state = await tab.Page.Context.StorageStateAsync();
        _signedIn[viewer] = (state, Api.Clock.Now);
        return state;
    }

    /// <summary>After a test that made the demo's accounts anew.</summary>
    public void ForgetSignIns() => _signedIn.Clear();

    /// <summary>The demo data, made once.</summary>
    public async Task SeedAsync()
    {
        await using var scope = Api.NewScope();
        var seeder = scope.ServiceProvider.GetRequiredService<DemoSeeder>();
        if (!await seeder.HasDemoAsync(TestContext.Current.CancellationToken))
            await seeder.RunAsync(new SeedOptions(Activities: 100), progress: null, TestContext.Current.CancellationToken);
    }

    /// <summary>A member's Fitbit or Garmin, connected without a browser; answers Terra's id of the account.</summary>
    public async Task<string> ConnectAsync(TestMember member, string provider = "fitbit")
    {
        var page = await TrackersFixture.InitiateAsync(member, provider);
        using var browser = World.NewClient();
        using var answer = await browser.PostAsync(page, new FormUrlEncodedContent([new("provider", provider.ToUpperInvariant())]), TestContext.Current.CancellationToken);
        using var redirect = await browser.GetAsync(answer.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal("pending", await member.Client.FinishSignInAsync(redirect));
        await ProcessAsync();
        await using var db = Database.Open();
        return (await db.Set<ProviderConnection>().SingleAsync(c => c.UserId == member.Id && c.Provider == provider, TestContext.Current.CancellationToken)).ExternalUserId;
    }

    /// <summary>Works off what providers have sent.</summary>
    public Task ProcessAsync() => Api.ProcessWebhooksAsync(TestContext.Current.CancellationToken);

    /// <summary>Fetches what one member's trackers have; the demo's members have trackers too, which wait.</summary>
    public async Task SyncAsync(TestMember member)
    {
        var ct = TestContext.Current.CancellationToken;
        await using (var db = Database.Open())
        {
            var tomorrow = Api.Clock.Now.AddDays(1);
            await db.Set<SyncJob>().Where(j => !db.Set<ProviderConnection>().Any(c => c.Id == j.Id && c.UserId == member.Id)).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, tomorrow), ct);
        }

        await Api.SyncTrackersAsync(ct);
    }

    /// <summary>A database without a row, as after the first migration.</summary>
    public async Task EmptyAsync()
    {
        await using var scope = Api.NewScope();
        ForgetSignIns();
        await scope.ServiceProvider.GetRequiredService<DatabaseReset>().RunAsync(options: null, progress: null, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// In New York too, so that no day begins or ends during a test, whenever the tests run; and not in the past, because the browser has the real
    /// time and drops cookies that have expired.
    /// </summary>
    private static DateTimeOffset NextAfternoon()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(now.Hour < 17 ? 17 : 17 + 24);
    }

    /// <summary>The Api's time, for a front end whose time-outs go by the real one.</summary>
    private sealed class TimeOfTheSite(TestClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }
}

/// <summary>Carries webhooks to the Api and does the Worker's part at once.</summary>
internal sealed class PromptWorker(ApiFactory api) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        await api.ProcessWebhooksAsync(cancellationToken);
        return answer;
    }
}

/// <summary>Test classes of this collection share the site and run one after the other.</summary>
[CollectionDefinition(nameof(SharedTestSite))]
public sealed class SharedTestSite : ICollectionFixture<TestSite>;

/// <summary>A second site, for the look at every page: it takes about as long as half of the other tests of pages.</summary>
[CollectionDefinition(nameof(SecondTestSite))]
public sealed class SecondTestSite : ICollectionFixture<TestSite>;

/// <summary>A third site, for the test page, prizes and what members check for themselves.</summary>
[CollectionDefinition(nameof(ThirdTestSite))]
public sealed class ThirdTestSite : ICollectionFixture<TestSite>;

/// <summary>What tests do on pages.</summary>
internal static class PageSteps
{
    /// <summary>Fills the sign-in that the page shows, sends it and waits until it is done: whoever goes on before that is nobody yet.</summary>
    public static async Task SignInAsync(this IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.ClickButtonAsync("Sign in");
        await Assertions.Expect(page.Locator(".places")).ToBeVisibleAsync();
    }

    /// <summary>Presses the one button of exactly that name.</summary>
    public static Task ClickButtonAsync(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>The test page, on one of its tabs.</summary>
    public static async Task OpenTestPageAsync(this IPage page, string tab)
    {
        await page.GotoAsync("/test/");
        await Assertions.Expect(page.Locator("body[data-ready]")).ToBeAttachedAsync();
        await page.ShowTabAsync(tab);
    }

    public static async Task ShowTabAsync(this IPage page, string tab)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Tabpanel, new() { Name = tab })).ToHaveAttributeAsync("aria-busy", "false");
    }

    /// <summary>Signed in on the test page as <c>member</c> or <c>admin</c> of the demo.</summary>
    public static async Task SignInAsDemoAsync(this IPage page, string role)
    {
        await page.OpenTestPageAsync("Authentication");
        await page.GetByRole(AriaRole.Button, new() { Name = $"As the demo {role}" }).ClickAsync();
        await Assertions.Expect(page.Locator("#auth").GetByRole(AriaRole.Status)).ToContainTextAsync("Signed in as");
    }

    /// <summary>Signed in on the test page.</summary>
    public static async Task SignInOnTestPageAsync(this IPage page, TestMember member)
    {
        await page.OpenTestPageAsync("Authentication");
        await page.Part("login").GetByLabel("E-mail").FillAsync(member.Email);
        await page.Part("login").GetByLabel("Password").FillAsync(member.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Login", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#auth").GetByRole(AriaRole.Status)).ToContainTextAsync("Signed in as");
    }

    /// <summary>A part of the panel that is shown.</summary>
    public static ILocator Part(this IPage page, string name) => page.Locator($"[role=tabpanel]:not([hidden]) [data-part={name}]");
}
