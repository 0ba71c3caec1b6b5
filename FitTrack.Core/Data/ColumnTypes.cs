using Microsoft.EntityFrameworkCore.Metadata;

namespace FitTrack.Core.Data;

/// <summary>
/// What a property is stored as in each database. Oracle's names are needed without its provider too: tests hold the
/// Oracle script against the model on machines that have no Oracle.
/// </summary>
internal static class ColumnTypes
{
    /// <summary>Longer text is a CLOB in Oracle: VARCHAR2 holds 4,000 bytes, and a character takes up to four.</summary>
    private const int OracleLongestVarchar = 1000;

    private const int OracleLongestRaw = 2000;

    public static string Postgres(IReadOnlyProperty property) => Plain(property) switch
    {
        var t when t == typeof(Guid) => "uuid",
        var t when t == typeof(string) => $"varchar({Length(property)})",
        var t when t == typeof(byte[]) => "bytea",
        var t when t == typeof(bool) => "boolean",
        var t when t == typeof(int) => "integer",
        var t when t == typeof(long) => "bigint",
        var t when t == typeof(double) => "double precision",
        var t when t == typeof(DateOnly) => "date",
        var t when t == typeof(DateTimeOffset) => "timestamptz",
        var t => throw Unsupported(property, t),
    };

    public static string Oracle(IReadOnlyProperty property) => Plain(property) switch
    {
        var t when t == typeof(Guid) => "VARCHAR2(36)",
        var t when t == typeof(string) => Length(property) is var n && n <= OracleLongestVarchar ? $"VARCHAR2({n} CHAR)" : "CLOB",
        var t when t == typeof(byte[]) => Length(property) is var n && n <= OracleLongestRaw ? $"RAW({n})" : "BLOB",
        var t when t == typeof(bool) => "BOOLEAN",
        var t when t == typeof(int) => "NUMBER(10)",
        var t when t == typeof(long) => "NUMBER(19)",
        var t when t == typeof(double) => "BINARY_DOUBLE",
        var t when t == typeof(DateOnly) => "DATE",
        var t when t == typeof(DateTimeOffset) => "TIMESTAMP(6) WITH TIME ZONE",
        var t => throw Unsupported(property, t),
    };

    /// <summary>The property's type without nullability; enums are text.</summary>
    private static Type Plain(IReadOnlyProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        return type.IsEnum ? typeof(string) : type;
    }

    private static int Length(IReadOnlyProperty property) => property.GetMaxLength()
        ?? throw new InvalidOperationException($"{property.DeclaringType.DisplayName()}.{property.Name} needs a maximum length.");

    private static NotSupportedException Unsupported(IReadOnlyProperty property, Type type) =>
        new($"{property.DeclaringType.DisplayName()}.{property.Name}: {type.Name} has no column type in both databases.");
}
