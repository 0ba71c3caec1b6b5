using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Data;

/// <summary>
/// The one naming function: snake_case in PostgreSQL, UPPER_SNAKE_CASE in Oracle (so that neither needs quotes).
/// </summary>
public static class Naming
{
    /// <summary>The longest name in bytes; PostgreSQL's limit, well below Oracle's 128.</summary>
    private const int MaxLength = 63;

    private static readonly FrozenSet<string> OracleReserved = new[]
    {
        "access", "add", "all", "alter", "and", "any", "as", "asc", "audit", "between", "by", "char", "check", "cluster", "column",
        "comment", "compress", "connect", "create", "current", "date", "decimal", "default", "delete", "desc", "distinct", "drop",
        "else", "exclusive", "exists", "file", "float", "for", "from", "grant", "group", "having", "identified", "immediate", "in",
        "increment", "index", "initial", "insert", "integer", "intersect", "into", "is", "level", "like", "lock", "long", "maxextents",
        "minus", "mlslabel", "mode", "modify", "noaudit", "nocompress", "not", "nowait", "null", "number", "of", "offline", "on",
        "online", "option", "or", "order", "pctfree", "prior", "public", "raw", "rename", "resource", "revoke", "row", "rowid",
        "rownum", "rows", "select", "session", "set", "share", "size", "smallint", "start", "successful", "synonym", "sysdate",
        "table", "then", "to", "trigger", "uid", "union", "unique", "update", "user", "validate", "values", "varchar", "varchar2",
        "view", "whenever", "where", "with",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary><c>EarnedOn</c> → <c>earned_on</c>; digits stay with the word before them.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = char.IsUpper(c) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>A name as the database spells it.</summary>
    /// <exception cref="InvalidOperationException">The name would need quotes in Oracle.</exception>
    public static string InDatabase(string snakeName, DatabaseProvider provider)
    {
        if (OracleReserved.Contains(snakeName))
            throw new InvalidOperationException($"'{snakeName}' is a reserved word in Oracle; choose another name.");
        return provider == DatabaseProvider.Oracle ? snakeName.ToUpperInvariant() : snakeName;
    }

    /// <summary>A constraint's or index's name from its parts, cut to fit and then made unique by a hash.</summary>
    internal static string Constraint(string prefix, params IEnumerable<string> parts)
    {
        var name = prefix + "_" + string.Join('_', parts);
        if (name.Length <= MaxLength)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
        return string.Concat(name.AsSpan(0, MaxLength - 9), "_", hash);
    }
}
