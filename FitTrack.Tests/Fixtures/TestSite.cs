using FitTrack.Core.Seeding;
using FitTrack.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// Front end and Api as in Development, each on a port of its own in this process, over one database, with one browser: for all tests of pages that
/// need no other program. Started with the first of them; they run one after the other.
/// </summary>
public sealed class TestSite(PostgresServer server) : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private TestDatabase? _database;
    private ApiFactory? _api;
    private WebApplicationFactory<WebMarker>? _web;

    public ApiFactory Api => _api ?? throw new InvalidOperationException("The site has not been started.");

    public TestDatabase Database => _database ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>The front end's first page.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _api = new ApiFactory(_database.ConnectionString, new TestClock(DateTimeOffset.UtcNow)) { EnvironmentName = "Development" };
        _api.UseKestrel(0);
        using var api = _api.CreateClient();
        _web = new WebApplicationFactory<WebMarker>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("services:api:http:0", api.BaseAddress!.ToString())
            .UseSetting("Http:AttemptTimeout", "00:01:00")
            .UseSetting("Http:TotalTimeout", "00:01:00")
            .UseSetting("Logging:LogLevel:Default", "Warning"));
        _web.UseKestrel(0);
        using var web = _web.CreateClient();
        Address = web.BaseAddress!;
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

    public Task<BrowserPage> NewPageAsync(int width = 1280) => _browser.NewPageAsync(width, Address);

    /// <summary>The demo data, made once.</summary>
    public async Task SeedAsync()
    {
        await using var scope = Api.NewScope();
        var seeder = scope.ServiceProvider.GetRequiredService<DemoSeeder>();
        if (!await seeder.HasDemoAsync(TestContext.Current.CancellationToken))
            await seeder.RunAsync(new SeedOptions(Activities: 100), progress: null, TestContext.Current.CancellationToken);
    }

    /// <summary>A database without a row, as after the first migration.</summary>
    public async Task EmptyAsync()
    {
        await using var scope = Api.NewScope();
        await scope.ServiceProvider.GetRequiredService<DatabaseReset>().RunAsync(options: null, progress: null, TestContext.Current.CancellationToken);
    }
}

/// <summary>Test classes of this collection share the site and run one after the other.</summary>
[CollectionDefinition(nameof(SharedTestSite))]
public sealed class SharedTestSite : ICollectionFixture<TestSite>;

/// <summary>What tests do on the test page.</summary>
internal static class TestPageSteps
{
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

    /// <summary>A part of the panel that is shown.</summary>
    public static ILocator Part(this IPage page, string name) => page.Locator($"[role=tabpanel]:not([hidden]) [data-part={name}]");
}
