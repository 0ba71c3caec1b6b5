namespace FitTrack.Core.Data;

/// <summary>The databases FitTrack runs on; the value of <c>Database:Provider</c>.</summary>
public enum DatabaseProvider
{
    Oracle,
    Postgres,
}

internal static class DatabaseProviders
{
    public static DatabaseProvider Of(string? efProviderName) => efProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => DatabaseProvider.Postgres,
        "Oracle.EntityFrameworkCore" => DatabaseProvider.Oracle,
        _ => throw new NotSupportedException($"FitTrack has no schema for the EF provider '{efProviderName}'."),
    };
}
