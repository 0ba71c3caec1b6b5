using FitTrack.AppHost;
using Xunit;

namespace FitTrack.Tests.Unit.AppHost;

public class LauncherOptionsTests
{
    [Fact]
    public void Parse_WhenNothingIsGiven_TakesTheDefaultsOfDevelopment()
    {
        var options = Parse();

        Assert.Equal((5080, 5081, 5082), (options.WebPort, options.ApiPort, options.WorkerPort));
        Assert.True(options.SeedDemo);
        Assert.True(options.Simulators);
        Assert.Equal("Development", options.EnvironmentName);
        Assert.EndsWith(".fittrack", options.DataFolder, StringComparison.Ordinal);
        Assert.Null(options.Orchestrator);
        Assert.Null(options.Database);
        Assert.Empty(options.Rest);
    }

    [Theory]
    [InlineData("--web-port", "6000")]
    [InlineData("--web-port=6000")]
    [InlineData("--Web-Port=6000")]
    public void Parse_WhenGivenAsOption_OptionWinsOverVariable(params string[] args) =>
        Assert.Equal(6000, Parse(args, ("FITTRACK_WEB_PORT", "7000")).WebPort);

    [Fact]
    public void Parse_WhenGivenAsVariable_TakesIt()
    {
        var options = Parse([], ("FITTRACK_API_PORT", "7001"), ("FITTRACK_WORKER_PORT", "0"), ("FITTRACK_SEED", "none"), ("FITTRACK_SIMULATORS", "off"), ("FITTRACK_DATA", "/tmp/some"));

        Assert.Equal((7001, 0), (options.ApiPort, options.WorkerPort));
        Assert.False(options.SeedDemo);
        Assert.False(options.Simulators);
        Assert.Equal(Path.GetFullPath("/tmp/some"), options.DataFolder);
    }

    [Fact]
    public void Parse_WhenVariableIsBlank_TakesTheDefault() => Assert.Equal(5080, Parse([], ("FITTRACK_WEB_PORT", " ")).WebPort);

    [Fact]
    public void Parse_WhenDatabaseIsAskedForInAnyCase_NamesItAsTheProgramsDo() => Assert.Equal("Postgres", Parse(["--Database=postgres"]).Database);

    [Fact]
    public void Parse_WhenProduction_SeedsNothingAndSimulatesNothing()
    {
        var options = Parse([], ("DOTNET_ENVIRONMENT", "Production"));

        Assert.False(options.SeedDemo);
        Assert.False(options.Simulators);
        Assert.False(options.IsDevelopment);
    }

    [Fact]
    public void Parse_WhenOptionBelongsToAspire_PassesItOn() =>
        Assert.Equal(["--operation", "publish"], Parse(["--operation", "publish", "--seed", "none"]).Rest);

    [Fact]
    public void Parse_WhenAWorkerCommandIsGiven_LeavesItsOptionsToIt()
    {
        var options = Parse(["--data", "/tmp/some", "worker", "seed", "--seed", "42"]);

        Assert.Equal(["seed", "--seed", "42"], options.WorkerCommand);
        Assert.Equal(Path.GetFullPath("/tmp/some"), options.DataFolder);
        Assert.True(options.SeedDemo);
    }

    [Theory]
    [InlineData("--web-port", "65536")]
    [InlineData("--web-port", "five")]
    [InlineData("--web-port")]
    [InlineData("--seed", "some")]
    [InlineData("--orchestrator", "compose")]
    [InlineData("--database", "MySql")]
    public void Parse_WhenValueIsNotAllowed_NamesTheOption(params string[] args)
    {
        var problem = Assert.Throws<LaunchException>(() => Parse(args));

        Assert.Contains(args[0], problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WhenDemoDataIsAskedForInProduction_Refuses() =>
        Assert.Throws<LaunchException>(() => Parse(["--seed", "demo"], ("ASPNETCORE_ENVIRONMENT", "Production")));

    [Fact]
    public void Parse_WhenSimulatorsAreAskedForInProduction_Refuses() =>
        Assert.Throws<LaunchException>(() => Parse([], ("FITTRACK_SIMULATORS", "on"), ("ASPNETCORE_ENVIRONMENT", "Production")));

    [Fact]
    public void Help_Always_ListsEveryVariable()
    {
        string[] variables = ["FITTRACK_DATA", "FITTRACK_WEB_PORT", "FITTRACK_API_PORT", "FITTRACK_WORKER_PORT", "FITTRACK_SEED", "FITTRACK_SIMULATORS", "FITTRACK_SIMULATORS_PORT", "FITTRACK_POSTGRES_BIN"];

        Assert.All(variables, each => Assert.Contains(each, LauncherOptions.Help, StringComparison.Ordinal));
    }

    private static LauncherOptions Parse(string[]? args = null, params (string Name, string Value)[] environment) =>
        LauncherOptions.Parse(args ?? [], name => Array.Find(environment, each => each.Name == name).Value);
}
