using FitTrack.AppHost.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitTrack.AppHost;

/// <summary>FitTrack on Aspire: read from top to bottom it is the picture of the running system.</summary>
internal static class AspireTopology
{
    public static bool IsAvailable => true;

    public static async Task<int> RunAsync(LauncherOptions options)
    {
        var builder = DistributedApplication.CreateBuilder([.. options.Rest]);

        // The dashboard speaks plain HTTP on loopback, so that no developer certificate has to be trusted first.
        builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] ??= "true";

        // `aspire publish` writes a docker compose file; with `-- --Target=kubernetes` a Helm chart, for a database that already runs.
        var kubernetes = builder.ExecutionContext.IsPublishMode && string.Equals(builder.Configuration["Target"], "kubernetes", StringComparison.OrdinalIgnoreCase);
        if (kubernetes)
            builder.AddKubernetesEnvironment("kubernetes");
        var compose = builder.ExecutionContext.IsPublishMode && !kubernetes;
        if (compose)
            builder.AddDockerComposeEnvironment("compose");

        var database = kubernetes ? builder.AddConnectionString("fittrack")
            : options.Database is "Postgres" ? AddPostgres(builder)
            : AddOracle(builder);

        var redis = builder.AddRedis("redis")
            .WithDataVolume()
            .WithLifetime(ContainerLifetime.Persistent);

        var migrate = AddProgram<Projects.FitTrack_Worker>("migrate")
            .WithArgs("migrate")
            .WithIconName("DatabaseArrowUp")
            .WaitFor(database);

        // A compose file does not wait until a database answers, so there the migration tries again.
        if (compose)
            migrate.PublishAsDockerComposeService((_, service) => service.Restart = "on-failure");

        var worker = AddProgram<Projects.FitTrack_Worker>("worker")
            .WithHttpEndpoint(port: Port(options.WorkerPort))
            .WithHttpHealthCheck("/health/ready")
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/health/ready", "Health"))
            .WithIconName("Clock")
            .WithEnvironment(ChildEnvironment.NurserySize, ChildEnvironment.WorkerNursery)
            .WaitFor(redis)
            .WaitForCompletion(migrate);

        var api = AddProgram<Projects.FitTrack_Api>("api")
            .WithHttpEndpoint(port: Port(options.ApiPort))
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health/ready")
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/docs", "Api docs"))
            .WithIconName("PlugConnected")
            .WaitFor(redis)
            .WaitForCompletion(migrate);
        api.WithUrl($"{api.GetEndpoint("http")}/redoc", "ReDoc")
            .WithUrl($"{api.GetEndpoint("http")}/mail", "Mail drop")
            .WithUrl($"{api.GetEndpoint("http")}/health/ready", "Health");

        var web = builder.AddProject<Projects.FitTrack_Web>("web", launchProfileName: null)
            .WithHttpEndpoint(port: Port(options.WebPort))
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health/ready")
            .WithUrlForEndpoint("http", url => url.DisplayText = "FitTrack")
            .WithIconName("Globe")
            .WithReference(api).WaitFor(api);
        WithMasterKey(web, options);

        // Links in mails lead to the pages; where these are once deployed, only whoever deploys knows.
        var pages = builder.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"{web.GetEndpoint("http")}")
            : ReferenceExpression.Create($"{builder.AddParameter("public-url")}");
        api.WithEnvironment("Mail__PublicUrl", pages);
        worker.WithEnvironment("Mail__PublicUrl", pages);

        if (builder.ExecutionContext.IsRunMode && options.Simulators)
        {
            var simulators = builder.AddProject<Projects.FitTrack_Worker>("simulators", launchProfileName: null)
                .WithArgs("simulators")
                .WithHttpEndpoint(port: Port(options.SimulatorsPort))
                .WithHttpHealthCheck("/health/ready")
                .WithUrlForEndpoint("http", url => url.DisplayText = "Simulated trackers")
                .WithIconName("Beaker")
                .WithReference(api);
            foreach (var tracker in SimulatedTracker.Among(Environment.GetEnvironmentVariable))
            {
                foreach (var (name, path) in tracker.Addresses)
                {
                    var address = ReferenceExpression.Create($"{simulators.GetEndpoint("http")}{path}");
                    api.WithEnvironment(name, address);
                    worker.WithEnvironment(name, address);
                }

                foreach (var (name, value) in tracker.Values)
                {
                    api.WithEnvironment(name, value);
                    worker.WithEnvironment(name, value);
                    simulators.WithEnvironment(name, value);
                }
            }
        }

        if (IsDevelopment(builder))
        {
            var seed = AddProgram<Projects.FitTrack_Worker>("seed")
                .WithArgs("seed", "--if-empty")
                .WithIconName("PlantGrass")
                .WithParentRelationship(database)
                .WaitForCompletion(migrate);
            if (options.SeedDemo)
                api.WaitForCompletion(seed);
            else
                seed.WithExplicitStart();

            AddProgram<Projects.FitTrack_Worker>("reset")
                .WithArgs("reset")
                .WithIconName("ArrowReset")
                .WithParentRelationship(database)
                .WithExplicitStart();

            database
                .WithCommand("seed", "Seed", context => StartAsync(context, "seed"), new()
                {
                    IconName = "PlantGrass",
                    Description = "Put in the demo data if the database is empty",
                })
                .WithCommand("reset", "Reset database", context => StartAsync(context, "reset"), new()
                {
                    IconName = "ArrowReset",
                    Description = "Drop every table, migrate and seed again",
                    ConfirmationMessage = "Everything in the FitTrack database will be lost. Reset it?",
                });
        }

        await builder.Build().RunAsync();
        return Environment.ExitCode;

        IResourceBuilder<ProjectResource> AddProgram<TProject>(string name)
            where TProject : IProjectMetadata, new() =>
            WithSettings(builder.AddProject<TProject>(name, launchProfileName: null), options)
                .WithEnvironment("Database__Provider", options.Database ?? "Oracle")
                .WithReference(database)
                .WithReference(redis);
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddOracle(IDistributedApplicationBuilder builder)
    {
        var password = builder.AddParameter("oracle-password", Alphanumeric(), secret: true, persist: true);
        var userPassword = builder.AddParameter("oracle-user-password", Alphanumeric(), secret: true, persist: true);

        // oracle/startup creates the programs' own user at every start of the container, if it is not there yet.
        var oracle = builder.AddOracle("oracle", password)
            .WithEnvironment("FITTRACK_PASSWORD", userPassword)
            .WithInitFiles("oracle")
            .WithDataVolume()
            .WithLifetime(ContainerLifetime.Persistent);

        var connection = ReferenceExpression.Create(
            $"User Id=fittrack;Password={userPassword};Data Source={oracle.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort)}/FREEPDB1");

        // The server is healthy before its startup scripts have run; the database is, once that user can sign in.
        string? resolved = null;
        builder.Services.AddHealthChecks().AddOracle(_ => resolved ?? throw new InvalidOperationException("The connection string is not known yet."), name: "fittrack_user");
        var database = builder.AddConnectionString("fittrack", connection)
            .WithIconName("Database")
            .WithHealthCheck("fittrack_user")
            .WaitFor(oracle);
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(database.Resource, async (_, ct) => resolved = await connection.GetValueAsync(ct));
        return database;
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddPostgres(IDistributedApplicationBuilder builder) =>
        builder.AddPostgres("postgres")
            .WithEnvironment("POSTGRES_DB", "fittrack")
            .WithDataVolume()
            .WithLifetime(ContainerLifetime.Persistent)
            .AddDatabase("fittrack");

    /// <summary>
    /// In Development what the local launcher would tell the programs, unless it is set already: then they inherit it. Elsewhere secrets that
    /// whoever deploys must give.
    /// </summary>
    private static IResourceBuilder<ProjectResource> WithSettings(IResourceBuilder<ProjectResource> program, LauncherOptions options)
    {
        var builder = program.ApplicationBuilder;
        if (builder.ExecutionContext.IsRunMode && Set("Mail__DropFolder") is null)
            program.WithEnvironment("Mail__DropFolder", Path.Combine(options.DataFolder, "mail"));

        WithMasterKey(program, options);
        if (builder.ExecutionContext.IsPublishMode)
        {
            // In Production nothing starts that could not send mails, and nothing is drawn without a public beacon.
            program.WithEnvironment("Mail__Smtp__Host", Given(builder, "smtp-host"))
                .WithEnvironment("Mail__Smtp__UserName", Given(builder, "smtp-user"))
                .WithEnvironment("Mail__Smtp__Password", Given(builder, "smtp-password", secret: true))
                .WithEnvironment("Drawings__Beacon__Mirrors__0", "https://api.drand.sh")
                .WithEnvironment("Drawings__Beacon__Mirrors__1", "https://drand.cloudflare.com");
        }

        const string webhookSecret = "Trackers__Terra__WebhookSecret";
        return !IsDevelopment(builder) ? program.WithEnvironment(webhookSecret, Given(builder, "terra-webhook-secret", secret: true))
            : Set(webhookSecret) is null ? program.WithEnvironment(webhookSecret, "terra-development-secret")
            : program;
    }

    /// <summary>The same for all programs: it wraps the key ring, and by it the pages prove to the Api whose visitor they speak for.</summary>
    private static IResourceBuilder<ProjectResource> WithMasterKey(IResourceBuilder<ProjectResource> program, LauncherOptions options)
    {
        var builder = program.ApplicationBuilder;
        string? value = null;
        if (IsDevelopment(builder))
        {
            using var data = DataFolder.OpenEvenInUse(options.DataFolder);
            value = Set("Security__MasterKey") ?? data.MasterKey();
        }

        return program.WithEnvironment("Security__MasterKey", Given(builder, "master-key", secret: true, value));
    }

    /// <summary>The same parameter for every program that asks for its name; without a value, whoever starts or deploys gives one.</summary>
    private static IResourceBuilder<ParameterResource> Given(IDistributedApplicationBuilder builder, string name, bool secret = false, string? value = null) =>
        builder.Resources.OfType<ParameterResource>().FirstOrDefault(each => each.Name == name) is { } known ? builder.CreateResourceBuilder(known)
        : value is null ? builder.AddParameter(name, secret)
        : builder.AddParameter(name, value, secret: secret);

    private static string? Set(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static bool IsDevelopment(IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment();

    /// <summary>Oracle refuses some of the special characters that a generated password would have.</summary>
    private static GenerateParameterDefault Alphanumeric() => new() { MinLength = 24, Special = false, MinLower = 1, MinUpper = 1, MinNumeric = 1 };

    private static int? Port(int asked) => asked == 0 ? null : asked;

    private static Task<ExecuteCommandResult> StartAsync(ExecuteCommandContext context, string resource) =>
        context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, context.CancellationToken);
}
