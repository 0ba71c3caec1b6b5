using Xunit;

namespace FitTrack.Tests.Data;

public sealed class OracleWithoutDriverTests
{
    [Fact]
    public void Build_WhenOracleIsAskedOfALeanBuild_SaysWhatToDo()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => DatabaseRegistrationTests.Build(("Database:Provider", "oracle")));

        Assert.Equal(
            "Database:Provider is Oracle, but this build has no Oracle driver (package set lean): set it to Postgres, or build with -p:PackageSet=full.",
            failure.Message);
    }

    [Fact]
    public void Build_WhenNothingIsSaid_MeansPostgres() => DatabaseRegistrationTests.Build().Dispose();
}
