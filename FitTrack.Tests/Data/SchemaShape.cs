using System.Text.RegularExpressions;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace FitTrack.Tests.Data;

/// <summary>
/// A schema as a set of lines, one a table, column, constraint, index and comment, so that what the model says, what a
/// script says and what a database has can be compared. Names are in lower case; types are as the database spells them.
/// </summary>
internal static partial class SchemaShape
{
    /// <summary>Begins a line that takes back those of earlier scripts that begin with its rest.</summary>
    public const string Dropped = "dropped ";

    private static readonly string[] DroppedParts = ["table ", "comment ", "column ", "constraint "];

    private const string MigratorsOwn = "schema_history";

    /// <summary>The model with the details that only design time knows: comments and checks.</summary>
    public static IModel Model()
    {
        using var db = new FitTrackDbContext(new DbContextOptionsBuilder<FitTrackDbContext>().UseNpgsql("Host=nowhere").Options);
        return db.GetService<IDesignTimeModel>().Model;
    }

    public static SortedSet<string> OfModel(DatabaseProvider provider)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entity in Model().GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            lines.Add($"table {table}");
            lines.Add($"comment {table}: {entity.GetComment()}");
            foreach (var p in entity.GetProperties())
                lines.Add($"column {table}.{p.GetColumnName()} {(provider == DatabaseProvider.Oracle ? ColumnTypes.Oracle(p) : ColumnTypes.Postgres(p))}{(p.IsNullable ? "" : " not null")}");
            foreach (var k in entity.GetKeys())
                lines.Add($"constraint {table}.{k.GetName()} {(k.IsPrimaryKey() ? "primary key" : "unique")} ({Columns(k.Properties)})");
            foreach (var f in entity.GetForeignKeys())
                lines.Add($"constraint {table}.{f.GetConstraintName()} foreign key ({Columns(f.Properties)}) references {f.PrincipalEntityType.GetTableName()} ({Columns(f.PrincipalKey.Properties)})");
            foreach (var c in entity.GetCheckConstraints())
                lines.Add($"constraint {table}.{c.Name} check ({c.Sql})");
            foreach (var i in entity.GetIndexes())
                lines.Add($"{(i.IsUnique ? "unique " : "")}index {i.GetDatabaseName()} on {table} ({string.Join(", ", i.Properties.Select((p, n) => p.GetColumnName() + (IsDescending(i, n) ? " desc" : "")))})");
        }

        return lines;
    }

    /// <summary>Reads a script of ours; anything but tables, additions to tables, dropped tables and constraints, comments, indexes, and triggers (which are no part of the shape) is refused.</summary>
    public static SortedSet<string> OfScript(SchemaScript script)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var statement in script.Statements().Where(s => !CreateCode().IsMatch(s)))
        {
            if (CreateTable().Match(statement) is { Success: true } table)
            {
                var name = table.Groups["table"].Value.ToLowerInvariant();
                lines.Add($"table {name}");
                foreach (var item in table.Groups["items"].Value.Split(",\n"))
                    lines.Add(Item(name, item.Trim()));
            }
            else if (DropConstraint().Match(statement) is { Success: true } dropped)
            {
                lines.Add(Dropped + $"constraint {dropped.Groups["table"].Value}.{dropped.Groups["name"].Value} ".ToLowerInvariant());
            }
            else if (DropTable().Match(statement) is { Success: true } gone)
            {
                // Its indexes stay, and then nothing agrees: drop them first.
                lines.UnionWith(DroppedParts.Select(part => Dropped + part + gone.Groups["table"].Value.ToLowerInvariant()));
            }
            else if (AlterTable().Match(statement) is { Success: true } addition)
            {
                lines.Add(Item(addition.Groups["table"].Value.ToLowerInvariant(), addition.Groups["item"].Value));
            }
            else if (Comment().Match(statement) is { Success: true } comment)
            {
                lines.Add($"comment {comment.Groups["table"].Value.ToLowerInvariant()}: {comment.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal)}");
            }
            else if (CreateIndex().Match(statement) is { Success: true } index)
            {
                lines.Add($"{index.Groups["unique"].Value}index {index.Groups["index"].Value} on {index.Groups["table"].Value} ({index.Groups["columns"].Value})".ToLowerInvariant());
            }
            else
            {
                throw new InvalidOperationException($"{script.Name} has a statement that the tests cannot read: {statement}");
            }
        }

        return lines;
    }

    private static string Item(string table, string item)
    {
        var named = Constraint().Match(item);
        if (!named.Success)
        {
            return Column().Match(item) is { Success: true } c
                ? $"column {table}.{c.Groups["name"].Value.ToLowerInvariant()} {c.Groups["type"].Value}{(c.Groups["required"].Success ? " not null" : "")}"
                : throw new InvalidOperationException($"{table} has an item that the tests cannot read: {item}");
        }

        var definition = named.Groups["definition"].Value;
        definition = definition.StartsWith("CHECK ", StringComparison.Ordinal) ? "check " + definition["CHECK ".Length..] : definition.ToLowerInvariant();
        return $"constraint {table}.{named.Groups["name"].Value.ToLowerInvariant()} {definition}";
    }

    /// <summary>What PostgreSQL's catalog says; a check's expression is left out, since the catalog rewrites it.</summary>
    public static async Task<SortedSet<string>> OfPostgresAsync(string connectionString, CancellationToken ct)
    {
        const string sql = """
            WITH t AS (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> @own)
            SELECT 'table ' || relname FROM t
            UNION ALL SELECT 'comment ' || relname || ': ' || coalesce(obj_description(oid, 'pg_class'), '') FROM t
            UNION ALL SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END || CASE WHEN atthasdef THEN ' with a default' ELSE '' END
                FROM t JOIN pg_attribute ON attrelid = t.oid WHERE attnum > 0 AND NOT attisdropped
            UNION ALL SELECT 'constraint ' || relname || '.' || conname || ' ' || CASE WHEN contype = 'c' THEN 'check' ELSE regexp_replace(lower(pg_get_constraintdef(c.oid)), '(\w)\(', '\1 (', 'g') END
                FROM t JOIN pg_constraint c ON conrelid = t.oid WHERE contype <> 'n'
            UNION ALL SELECT regexp_replace(lower(pg_get_indexdef(indexrelid)), '^create (unique )?index (\w+) on public\.(\w+) using btree', '\1index \2 on \3')
                FROM t JOIN pg_index ON indrelid = t.oid WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
            """;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("own", MigratorsOwn) } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            lines.Add(reader.GetString(0).Replace("\"", "", StringComparison.Ordinal));
        return lines;
    }

    /// <summary>A line as the catalog of PostgreSQL spells it.</summary>
    public static string AsInCatalog(string line)
    {
        if (line.StartsWith("constraint ", StringComparison.Ordinal) && line.IndexOf(" check (", StringComparison.Ordinal) is > 0 and var check)
            return line[..(check + " check".Length)];
        return line.StartsWith("column ", StringComparison.Ordinal)
            ? line.Replace(" varchar(", " character varying(", StringComparison.Ordinal).Replace(" timestamptz", " timestamp with time zone", StringComparison.Ordinal)
            : line;
    }

    public static bool IsDescending(IReadOnlyIndex index, int column) => index.IsDescending is { } d && (d.Count == 0 || d[column]);

    private static string Columns(IEnumerable<IReadOnlyProperty> properties) => string.Join(", ", properties.Select(p => p.GetColumnName()));

    [GeneratedRegex(@"^CREATE TABLE (?<table>\w+) \(\n(?<items>.*)\n\)$", RegexOptions.Singleline, 1000)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^CREATE (OR REPLACE )?(FUNCTION|TRIGGER) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CreateCode();

    [GeneratedRegex(@"^ALTER TABLE (?<table>\w+) DROP CONSTRAINT (?<name>\w+)$", RegexOptions.None, 1000)]
    private static partial Regex DropConstraint();

    [GeneratedRegex(@"^DROP TABLE (?<table>\w+)$", RegexOptions.None, 1000)]
    private static partial Regex DropTable();

    [GeneratedRegex(@"^ALTER TABLE (?<table>\w+) ADD (?<item>.+)$", RegexOptions.None, 1000)]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"^COMMENT ON TABLE (?<table>\w+) IS '(?<text>(?:[^']|'')*)'$", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^CREATE (?<unique>UNIQUE )?INDEX (?<index>\w+) ON (?<table>\w+) \((?<columns>[\w, ]+)\)$", RegexOptions.None, 1000)]
    private static partial Regex CreateIndex();

    [GeneratedRegex(@"^CONSTRAINT (?<name>\w+) (?<definition>.+)$", RegexOptions.None, 1000)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"^(?<name>\w+) +(?<type>[A-Za-z][\w() ]*?)(?<required> +NOT NULL)?$", RegexOptions.None, 1000)]
    private static partial Regex Column();
}
