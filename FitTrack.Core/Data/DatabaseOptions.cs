using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Data;

/// <summary>Configuration section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>The name of the connection string, <c>ConnectionStrings:fittrack</c>.</summary>
    public const string ConnectionName = "fittrack";

    /// <summary>Oracle where the package set is full, else PostgreSQL.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseRegistration.DefaultProvider;

    /// <summary>Seconds until a command is given up; batch work sets its own on the context.</summary>
    [Range(1, 3600)]
    public int CommandTimeout { get; set; } = 30;

    /// <summary>PostgreSQL: contexts kept for reuse, not connections; those are limited in the connection string.</summary>
    [Range(1, 4096)]
    public int ContextPoolSize { get; set; } = 256;
}
