using Microsoft.Extensions.Hosting;

namespace FitTrack.Core.Data;

public static partial class DatabaseRegistration
{
    internal const DatabaseProvider DefaultProvider = DatabaseProvider.Postgres;

    private static partial void AddOracle(IHostApplicationBuilder builder) => throw new InvalidOperationException(
        "Database:Provider is Oracle, but this build has no Oracle driver (package set lean): set it to Postgres, or build with -p:PackageSet=full.");
}
