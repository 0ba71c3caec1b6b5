namespace FitTrack.Core.Data;

/// <summary>The database cannot be brought to this build's schema; the message says why, in words for an operator.</summary>
public sealed class SchemaException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A script that a migration ran.</summary>
/// <param name="Name">File name, such as <c>001_initial_schema.sql</c>.</param>
/// <param name="Duration">Time it took on this run; a resumed script counts only what was left.</param>
public sealed record AppliedScript(string Name, TimeSpan Duration);

/// <summary>What a migration did.</summary>
/// <param name="Applied">Scripts that it ran, in order; empty when the database was up to date.</param>
/// <param name="AlreadyApplied">How many scripts had been applied before.</param>
public sealed record MigrationReport(IReadOnlyList<AppliedScript> Applied, int AlreadyApplied);

/// <summary>How the database stands to this build's scripts.</summary>
public enum SchemaStatus
{
    /// <summary>Every script of this build is applied.</summary>
    UpToDate,

    /// <summary>Some scripts are not applied yet: run <c>FitTrack.Worker migrate</c>.</summary>
    Pending,

    /// <summary>A script was changed after it was applied.</summary>
    Changed,

    /// <summary>The database was migrated by a newer build.</summary>
    Newer,
}

/// <summary>The state of the database's schema.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Version">The last applied script, without its extension; null in an empty database.</param>
/// <param name="Pending">Scripts still to be applied, in order.</param>
/// <param name="Detail">What is wrong, for <see cref="SchemaStatus.Changed"/> and <see cref="SchemaStatus.Newer"/>.</param>
public sealed record SchemaState(SchemaStatus Status, string? Version, IReadOnlyList<string> Pending, string? Detail);
