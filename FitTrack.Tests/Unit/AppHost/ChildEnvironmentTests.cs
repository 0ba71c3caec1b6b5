using FitTrack.AppHost;
using FitTrack.AppHost.Local;
using Xunit;

namespace FitTrack.Tests.Unit.AppHost;

public sealed class ChildEnvironmentTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fittrack-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Create_WhenDevelopment_TellsWhatAspireWouldTell()
    {
        using var data = DataFolder.Open(_root);

        var variables = Create(data).For("api", "http://localhost:5081");

        Assert.Equal("Host=here", variables["ConnectionStrings__fittrack"]);
        Assert.Equal("Postgres", variables["Database__Provider"]);
        Assert.Equal("http://localhost:5081", variables["services__api__http__0"]);
        Assert.Equal("http://localhost:5080", variables["services__web__http__0"]);
        Assert.Equal("http://localhost:5081", variables["ASPNETCORE_URLS"]);
        Assert.Equal("api", variables["OTEL_SERVICE_NAME"]);
        Assert.Equal("http://localhost:4317", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("terra-development-secret", variables["Trackers__Terra__WebhookSecret"]);
        Assert.Equal(Path.Combine(_root, "mail"), variables["Mail__DropFolder"]);
        Assert.Equal(32, Convert.FromBase64String(variables["Security__MasterKey"]).Length);
    }

    [Fact]
    public void Create_WhenProduction_HasNoDevelopmentSecret()
    {
        using var data = DataFolder.Open(_root);

        Assert.DoesNotContain("Trackers__Terra__WebhookSecret", Create(data, ("ASPNETCORE_ENVIRONMENT", "Production")).Keys);
    }

    [Fact]
    public void Create_WhenSimulating_LeadsToTheSimulators()
    {
        using var data = DataFolder.Open(_root);

        var variables = Create(data);

        Assert.Equal("http://localhost:5083/terra/api/v2", variables["Trackers__Terra__BaseUrl"]);
        Assert.Equal("http://localhost:5083/strava", variables["Trackers__Strava__BaseUrl"]);
        Assert.Equal("http://localhost:5083/hevy", variables["Trackers__Hevy__BaseUrl"]);
    }

    [Fact]
    public void Create_WhenAProviderIsSetUpForReal_LeavesItReal()
    {
        using var data = DataFolder.Open(_root);

        var variables = Create(data, ("Trackers__Terra__ApiKey", "theirs"), ("Trackers__Strava__ClientSecret", "theirs"), ("Trackers__Hevy__BaseUrl", "theirs"));

        Assert.DoesNotContain(variables.Keys, key => key.StartsWith("Trackers__", StringComparison.Ordinal) && key != "Trackers__Terra__WebhookSecret");
    }

    [Fact]
    public void Create_WhenNotSimulating_NamesNoProvider()
    {
        using var data = DataFolder.Open(_root);

        var variables = Create(data, ("FITTRACK_SIMULATORS", "off"));

        Assert.DoesNotContain("Trackers__Terra__BaseUrl", variables.Keys);
        Assert.DoesNotContain("Trackers__Strava__BaseUrl", variables.Keys);
    }

    [Fact]
    public void Create_WhenAPersonHasSetAKey_LeavesItAlone()
    {
        using var data = DataFolder.Open(_root);

        var variables = Create(data, ("Security__MasterKey", "theirs"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "theirs"));

        Assert.DoesNotContain("Security__MasterKey", variables.Keys);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", variables.Keys);
    }

    [Fact]
    public void Open_WhenOpenAlready_NamesTheFolderAndTheWayOut()
    {
        using var first = DataFolder.Open(_root);

        var problem = Assert.Throws<LaunchException>(() => DataFolder.Open(_root));

        Assert.Contains(_root, problem.Message, StringComparison.Ordinal);
        Assert.Contains("FITTRACK_DATA", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_WhenAskedAgain_AreTheSameAndForTheirOwnerOnly()
    {
        using var data = DataFolder.Open(_root);

        Assert.Equal(data.MasterKey(), data.MasterKey());
        Assert.Matches("^[A-Za-z0-9]{32}$", data.DatabasePassword());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_root, "secrets", "postgres-password")));
    }

    private static IReadOnlyDictionary<string, string> Create(DataFolder data, params (string Name, string Value)[] environment)
    {
        string? Variable(string name) => Array.Find(environment, each => each.Name == name).Value;
        return ChildEnvironment.Create(LauncherOptions.Parse([], Variable), data, new(5080, 5081, 5082, 5083), "Host=here", "http://localhost:4317", Variable);
    }
}
