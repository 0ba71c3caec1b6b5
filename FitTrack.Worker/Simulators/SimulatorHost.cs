using System.Globalization;
using FitTrack.ServiceDefaults;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Simulators;

/// <summary>Terra, Strava and Hevy on one local address, and a page to play with them. Not for Production.</summary>
internal static class SimulatorHost
{
    private const string OwnFilesOnly = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        await using var app = Build(args);
        if (!app.Environment.IsDevelopment())
        {
            await Console.Error.WriteLineAsync($"Simulated trackers are for Development only, and this is {app.Environment.EnvironmentName}.");
            return 1;
        }

        await app.RunAsync(ct);
        return 0;
    }

    /// <param name="args">Configuration, as for every host (<c>--urls</c>, <c>--Simulators:Seed</c>).</param>
    /// <param name="configure">What a test changes before it is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults();
        builder.Services.AddOptions<SimulatorOptions>().BindConfiguration(SimulatorOptions.Section).Configure<IConfiguration>(TakeCredentials).ValidateDataAnnotations();
        builder.Services.AddSingleton(services => new Sandboxes(new Sandbox("", services.GetRequiredService<IOptions<SimulatorOptions>>().Value, services.GetRequiredService<TimeProvider>(), new HttpClient())));
        configure?.Invoke(builder);

        var app = builder.Build();
        var sandboxes = app.Services.GetRequiredService<Sandboxes>();
        app.Use(next => call => sandboxes.ChooseAsync(call, next));
        app.Use(next => call =>
        {
            call.Response.Headers.ContentSecurityPolicy = OwnFilesOnly;
            call.Response.Headers.XContentTypeOptions = "nosniff";
            return next(call);
        });
        app.UseRouting();
        MapPage(app);
        Control.Map(app);
        TerraRoutes.Map(app);
        StravaRoutes.Map(app);
        HevySimulator.Map(app);
        app.MapDefaultEndpoints();
        return app;
    }

    /// <summary>What the programs are told to sign in with is what is accepted here.</summary>
    private static void TakeCredentials(SimulatorOptions options, IConfiguration configuration)
    {
        options.TerraDevId = configuration["Trackers:Terra:DevId"] ?? options.TerraDevId;
        options.TerraApiKey = configuration["Trackers:Terra:ApiKey"] ?? options.TerraApiKey;
        options.TerraWebhookSecret = configuration["Trackers:Terra:WebhookSecret"] ?? options.TerraWebhookSecret;
        options.StravaClientId = configuration["Trackers:Strava:ClientId"] ?? options.StravaClientId;
        options.StravaClientSecret = configuration["Trackers:Strava:ClientSecret"] ?? options.StravaClientSecret;
        options.StravaSubscriptionId = long.TryParse(configuration["Trackers:Strava:SubscriptionId"], NumberStyles.None, CultureInfo.InvariantCulture, out var subscription) ? subscription : options.StravaSubscriptionId;
        if (configuration["services:api:http:0"] is { Length: > 0 } api)
        {
            options.TerraWebhook ??= new Uri(new Uri(api), "/api/v1/webhooks/terra");
            options.StravaWebhook ??= new Uri(new Uri(api), $"/api/v1/webhooks/strava/{configuration["Trackers:Strava:WebhookKey"]}");
        }
    }

    /// <summary>The page's three files are in the assembly: they are there wherever it was published to.</summary>
    private static void MapPage(WebApplication app)
    {
        var files = new EmbeddedFileProvider(typeof(SimulatorHost).Assembly, $"{typeof(SimulatorHost).Namespace}.Page");
        app.MapGet("/", () => File("page.html", "text/html; charset=utf-8"));
        app.MapGet("/page.css", () => File("page.css", "text/css"));
        app.MapGet("/page.js", () => File("page.js", "text/javascript"));

        IResult File(string name, string type) => Results.Stream(files.GetFileInfo(name).CreateReadStream(), type);
    }
}
