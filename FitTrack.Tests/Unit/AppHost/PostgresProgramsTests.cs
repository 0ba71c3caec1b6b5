using FitTrack.AppHost;
using FitTrack.AppHost.Local;
using Xunit;

namespace FitTrack.Tests.Unit.AppHost;

public sealed class PostgresProgramsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fittrack-postgres-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 17.2 (Homebrew)", 17)]
    [InlineData("postgres (PostgreSQL) 18beta1", 18)]
    [InlineData("postgres (PostgreSQL) 9.6.24", 9)]
    [InlineData("command not found", 0)]
    public void MajorVersionOf_WhenGivenAVersionLine_ReadsTheFirstNumber(string line, int expected) =>
        Assert.Equal(expected, PostgresPrograms.MajorVersionOf(line));

    [Fact]
    public void Find_WhenSeveralFoldersHaveIt_TakesTheFirstThatIsNewEnough()
    {
        var old = Install("old", "initdb", "postgres");
        var current = Install("current", "initdb", "postgres");
        var newest = Install("newest", "initdb", "postgres");

        var found = PostgresPrograms.Find([old, current, newest], postgres => postgres.StartsWith(old, StringComparison.Ordinal) ? 14 : 16);

        Assert.Equal((current, 16), (found?.Folder, found?.MajorVersion));
    }

    [Fact]
    public void Find_WhenThereIsOnlyALink_TakesTheFolderItPointsTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var real = Install("real", "initdb", "postgres");
        var links = Install("links");
        File.CreateSymbolicLink(Path.Combine(links, "initdb"), Path.Combine(real, "initdb"));

        Assert.Equal(real, PostgresPrograms.Find([links], _ => 15)?.Folder);
    }

    [Fact]
    public void Find_WhenTheServerProgramIsMissing_FindsNothing() =>
        Assert.Null(PostgresPrograms.Find([Install("client", "initdb"), Install("empty"), Path.Combine(_root, "absent")], _ => 15));

    [Fact]
    public void Find_WhenTheAskedFolderHasNone_SaysSo()
    {
        var problem = Assert.Throws<LaunchException>(() => PostgresPrograms.Find(_root));

        Assert.Contains("FITTRACK_POSTGRES_BIN", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NotFound_Always_SaysWhatToInstall()
    {
        var message = PostgresPrograms.NotFound(asked: null);

        Assert.StartsWith("PostgreSQL 15 or later is not installed: install", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, message, StringComparison.Ordinal);
    }

    private string Install(string folder, params string[] programs)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        foreach (var program in programs)
            File.WriteAllText(Path.Combine(path, OperatingSystem.IsWindows() ? $"{program}.exe" : program), "");
        return path;
    }
}
