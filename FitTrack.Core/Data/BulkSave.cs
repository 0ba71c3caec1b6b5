using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace FitTrack.Core.Data;

/// <summary>
/// <c>SaveChanges</c> for many rows of few tables: on PostgreSQL one statement a table, with an array for each column. A statement
/// has the table's check constraints read and compiled once however many rows it brings, and that is most of what a small one costs.
/// </summary>
/// <remarks>Changed rows go first, then new ones in the order of their foreign keys: a changed row must not refer to a new one.</remarks>
internal static class BulkSave
{
    private static readonly ConcurrentDictionary<(IEntityType Table, string Columns), Statement> Statements = [];

    /// <exception cref="DbUpdateConcurrencyException">Another process changed a row meanwhile.</exception>
    /// <exception cref="NotSupportedException">A row is to be deleted.</exception>
    /// <exception cref="System.Data.Common.DbException">A row is refused, by a unique key for instance.</exception>
    public static async Task SaveAsync(FitTrackDbContext db, CancellationToken ct)
    {
        if (DatabaseProviders.Of(db.Database.ProviderName) != DatabaseProvider.Postgres)
        {
            await db.SaveChangesAsync(ct);
            return;
        }

        var touched = db.ChangeTracker.Entries().Where(e => e.State != EntityState.Unchanged).ToList();
        if (touched.Exists(e => e.State == EntityState.Deleted))
            throw new NotSupportedException("Rows are only added and changed here.");
        var (batch, rows) = (new StatementBatch(db), new List<int>());
        foreach (var same in Changed(touched).Concat(New(touched)))
        {
            var entries = same.ToList();
            batch.Add(Statements.GetOrAdd(same.Key, Statement.Of, db.GetService<ISqlGenerationHelper>()).With(entries));
            rows.Add(entries.Count);
        }

        if (!rows.SequenceEqual(await batch.ExecuteAsync(ct)))
            throw new DbUpdateConcurrencyException("Another process changed a row meanwhile.");
        db.ChangeTracker.AcceptAllChanges();
    }

    /// <summary>Table by table in one order for everybody: two that change the same members mostly wait for each other instead of locking each other out.</summary>
    private static IEnumerable<IGrouping<(IEntityType Table, string Columns), EntityEntry>> Changed(List<EntityEntry> touched) =>
        touched.Where(e => e.State == EntityState.Modified)
            .GroupBy(e => (Table: e.Metadata, Columns: string.Join(',', e.Metadata.GetProperties().Where(p => e.Property(p).IsModified).Select(p => p.Name))))
            .OrderBy(g => g.Key.Table.Name, StringComparer.Ordinal).ThenBy(g => g.Key.Columns, StringComparer.Ordinal);

    private static IEnumerable<IGrouping<(IEntityType Table, string Columns), EntityEntry>> New(List<EntityEntry> touched) =>
        touched.Where(e => e.State == EntityState.Added).GroupBy(e => (Table: e.Metadata, Columns: "")).OrderBy(g => Depth(g.Key.Table));

    /// <summary>How many tables a table's rows must find filled before.</summary>
    private static int Depth(IEntityType type) =>
        type.GetForeignKeys().Where(k => k.PrincipalEntityType != type).Select(k => 1 + Depth(k.PrincipalEntityType)).DefaultIfEmpty(0).Max();

    /// <param name="Text">With a hole for each array.</param>
    /// <param name="Arrays">What each array holds.</param>
    private sealed record Statement(string Text, IReadOnlyList<(IProperty Property, bool Original)> Arrays)
    {
        public static Statement Of((IEntityType Table, string Columns) key, ISqlGenerationHelper sql) =>
            key.Columns.Length == 0 ? Insert(key.Table, sql) : Update(key.Table, [.. key.Columns.Split(',').Select(c => key.Table.FindProperty(c)!)], sql);

        public FormattableString With(IReadOnlyList<EntityEntry> rows) =>
            FormattableStringFactory.Create(Text, [.. Arrays.Select(a => (object)Values(rows, a.Property, a.Original))]);

        private static Statement Insert(IEntityType table, ISqlGenerationHelper sql)
        {
            var columns = table.GetProperties().ToList();
            var text = $"INSERT INTO {Name(table, sql)} ({string.Join(", ", columns.Select(c => Name(c, sql)))}) SELECT * FROM unnest({Holes(columns)})";
            return new Statement(text, [.. columns.Select(c => (c, false))]);
        }

        private static Statement Update(IEntityType table, List<IProperty> changed, ISqlGenerationHelper sql)
        {
            var known = table.GetProperties().Where(p => p.IsPrimaryKey() || p.IsConcurrencyToken).ToList();
            var (old, now) = (known.Select((_, i) => Alias("o", i)), changed.Select((_, i) => Alias("n", i)));
            var set = string.Join(", ", changed.Select((c, i) => $"{Name(c, sql)} = v.{Alias("n", i)}"));
            var where = string.Join(" AND ", known.Select((c, i) => $"t.{Name(c, sql)} = v.{Alias("o", i)}"));
            var text = $"UPDATE {Name(table, sql)} AS t SET {set} FROM unnest({Holes([.. known, .. changed])}) AS v({string.Join(", ", old.Concat(now))}) WHERE {where}";
            return new Statement(text, [.. known.Select(c => (c, true)), .. changed.Select(c => (c, false))]);
        }

        private static string Name(IEntityType table, ISqlGenerationHelper sql) => sql.DelimitIdentifier(table.GetTableName()!);

        private static string Name(IProperty column, ISqlGenerationHelper sql) => sql.DelimitIdentifier(column.GetColumnName());

        private static string Alias(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{kind}{i}");

        /// <summary>A cast names the type but no length: the column refuses what is too long, a cast would cut it off.</summary>
        private static string Holes(List<IProperty> columns) =>
            string.Join(", ", columns.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{{{i}}}::{c.GetColumnType().Split('(')[0]}[]")));

        private static Array Values(IReadOnlyList<EntityEntry> rows, IProperty property, bool original)
        {
            var converter = property.GetTypeMapping().Converter;
            var type = converter?.ProviderClrType ?? property.ClrType;
            if (type.IsValueType && property.IsNullable)
                type = typeof(Nullable<>).MakeGenericType(Nullable.GetUnderlyingType(type) ?? type);
            var values = Array.CreateInstance(type, rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                var value = original ? rows[i].Property(property).OriginalValue : property.PropertyInfo!.GetValue(rows[i].Entity);
                values.SetValue(converter is null ? value : converter.ConvertToProvider(value), i);
            }

            return values;
        }
    }
}
