using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FitTrack.Tests.Data;

/// <summary>Writes the entity-relationship diagrams of <c>docs/diagrams/erd.md</c> from the model, one a feature.</summary>
internal static class ErdDocument
{
    public static string Write(IModel model)
    {
        var tables = model.GetEntityTypes().OrderBy(t => t.GetTableName(), StringComparer.Ordinal).ToList();
        var text = new StringBuilder("""
            # The tables and how they hang together

            Written from the EF model by the tests, one diagram a feature. A table of another feature is an empty box; its
            columns stand in its own diagram. After a change of the model, `FITTRACK_WRITE_DOCS=1 dotnet test --filter Erd` writes this page again.

            """).Append('\n');
        foreach (var feature in tables.GroupBy(Feature).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append($"## {feature.Key}\n\n```mermaid\nerDiagram\n");
            foreach (var table in feature)
                WriteTable(text, table);
            foreach (var key in feature.SelectMany(t => t.GetForeignKeys()).OrderBy(k => k.GetConstraintName(), StringComparer.Ordinal))
                text.Append($"    {key.PrincipalEntityType.GetTableName()} {Cardinality(key)} {key.DeclaringEntityType.GetTableName()} : \"{Columns(key.Properties)}\"\n");
            text.Append("```\n\n| table | holds |\n|---|---|\n");
            foreach (var table in feature)
                text.Append($"| `{table.GetTableName()}` | {table.GetComment()} |\n");
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void WriteTable(StringBuilder text, IEntityType table)
    {
        text.Append($"    {table.GetTableName()} {{\n");
        foreach (var column in table.GetProperties().OrderBy(p => p.IsPrimaryKey() ? 0 : 1).ThenBy(p => p.PropertyInfo?.MetadataToken ?? int.MaxValue))
        {
            string?[] marks = [column.IsPrimaryKey() ? "PK" : null, column.IsForeignKey() ? "FK" : null, column.IsUniqueIndex() && column.GetContainingIndexes().Any(i => i is { IsUnique: true, Properties.Count: 1 }) ? "UK" : null];
            var mark = string.Join(", ", marks.OfType<string>());
            text.Append($"        {TypeName(column)} {column.GetColumnName()}{(mark.Length > 0 ? " " + mark : "")}{(column.IsNullable ? " \"optional\"" : "")}\n");
        }

        text.Append("    }\n");
    }

    private static string TypeName(IProperty column) => column.GetColumnType().Replace(' ', '_');

    private static string Cardinality(IForeignKey key)
    {
        var principal = key.IsRequired ? "||" : "|o";
        return key.IsUnique || key.DeclaringEntityType.FindPrimaryKey()!.Properties.ToHashSet().SetEquals(key.Properties) ? $"{principal}--o|" : $"{principal}--o{{";
    }

    private static string Columns(IEnumerable<IProperty> properties) => string.Join(", ", properties.Select(p => p.GetColumnName()));

    /// <summary><c>FitTrack.Core.Points</c> → Points.</summary>
    private static string Feature(IEntityType table) => table.ClrType.Namespace!.Split('.')[2];
}
