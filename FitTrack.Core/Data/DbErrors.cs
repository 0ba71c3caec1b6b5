using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Data;

/// <summary>Tells expected database outcomes from failures, alike on both databases.</summary>
public static class DbErrors
{
    /// <summary>SQLSTATE 23505 of PostgreSQL; Oracle's driver reports ORA-00001 under 23000 or with the code in the text.</summary>
    public static bool IsUniqueViolation(Exception exception) => Inner(exception) is { } db
        && (db.SqlState == "23505" || db.Message.Contains("ORA-00001", StringComparison.Ordinal));

    /// <summary>A row that another one should belong to is not there.</summary>
    public static bool IsMissingParent(Exception exception) => Inner(exception) is { } db && (db.SqlState == "23503" || db.Message.Contains("ORA-02291", StringComparison.Ordinal));

    /// <summary>A deadlock or serialization failure: nothing was stored, and the same transaction may succeed when tried again.</summary>
    public static bool IsLostRace(Exception exception) => exception is DbUpdateConcurrencyException
        || (Inner(exception) is { } db && (db.SqlState is "40001" or "40P01" || db.Message.Contains("ORA-00060", StringComparison.Ordinal)
            || db.Message.Contains("ORA-08177", StringComparison.Ordinal)));

    /// <summary>The database could not be reached or is going down; the caller may try again later. (08P01 is our own mistake, not the network's.)</summary>
    public static bool IsUnavailable(Exception exception) => Inner(exception) is { } db
        && (db.SqlState is null or "" ? db.IsTransient : db.SqlState == "53300" || db.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || (db.SqlState.StartsWith("08", StringComparison.Ordinal) && db.SqlState != "08P01"));

    private static DbException? Inner(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException db)
                return db;
        }

        return null;
    }
}
