using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FitTrack.Core.Data;

/// <summary>
/// What every entity has in common in the database: names, column types, enums as text under a check, no cascades.
/// Refuses what one of the two databases cannot hold, so that a mistake fails at the first start, not in Oracle.
/// </summary>
internal static class ModelConventions
{
    private const int EnumLength = 40;

    public static void Apply(ModelBuilder modelBuilder, DatabaseProvider provider)
    {
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            var table = entity.GetTableName() ?? throw new InvalidOperationException($"{entity.DisplayName()} has no table.");
            foreach (var property in entity.GetProperties())
                Map(entity, table, property, provider);
            NameKeysAndIndexes(entity, table, provider);
            entity.SetTableName(Naming.InDatabase(table, provider));
        }
    }

    private static void Map(IMutableEntityType entity, string table, IMutableProperty property, DatabaseProvider provider)
    {
        var column = Naming.Snake(property.Name);
        property.SetColumnName(Naming.InDatabase(column, provider));

        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type.IsEnum)
        {
            property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(SnakeCaseEnumConverter<>).MakeGenericType(type))!);
            property.SetMaxLength(EnumLength);
            var names = string.Join(", ", Enum.GetNames(type).Select(n => $"'{Naming.Snake(n)}'"));
            entity.AddCheckConstraint(Naming.Constraint("ck", table, column), $"{column} IN ({names})");
        }

        if (provider == DatabaseProvider.Oracle)
        {
            if (type == typeof(Guid))
                property.SetValueConverter(new GuidToStringConverter());
            else if (type == typeof(DateOnly))
                property.SetValueConverter(new ValueConverter<DateOnly, DateTime>(d => d.ToDateTime(TimeOnly.MinValue), d => DateOnly.FromDateTime(d)));
        }

        property.SetColumnType(provider == DatabaseProvider.Oracle ? ColumnTypes.Oracle(property) : ColumnTypes.Postgres(property));
    }

    private static void NameKeysAndIndexes(IMutableEntityType entity, string table, DatabaseProvider provider)
    {
        foreach (var key in entity.GetKeys())
            key.SetName(Naming.InDatabase(key.IsPrimaryKey() ? Naming.Constraint("pk", table) : Naming.Constraint("ak", [table, .. Columns(key.Properties)]), provider));

        foreach (var foreignKey in entity.GetForeignKeys())
        {
            foreignKey.SetConstraintName(Naming.InDatabase(Naming.Constraint("fk", [table, .. Columns(foreignKey.Properties)]), provider));
            foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
        }

        foreach (var index in entity.GetIndexes())
        {
            if (index.GetFilter() is not null)
                throw new InvalidOperationException($"{table}: Oracle has no filtered indexes.");
            if (index.IsUnique && index.Properties.Count > 1 && index.Properties.Any(p => p.IsNullable))
                throw new InvalidOperationException($"{table}: in Oracle a unique index over several columns takes NULL for a value; make its columns required.");
            index.SetDatabaseName(Naming.InDatabase(Naming.Constraint(index.IsUnique ? "ux" : "ix", [table, .. Columns(index.Properties)]), provider));
        }
    }

    private static IEnumerable<string> Columns(IEnumerable<IReadOnlyProperty> properties) => properties.Select(p => Naming.Snake(p.Name));
}

/// <summary>Enums are stored as they are sent: snake_case text.</summary>
internal sealed class SnakeCaseEnumConverter<T>() : ValueConverter<T, string>(v => ToText(v), s => FromText(s))
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(v => v, v => Naming.Snake(v.ToString()));
    private static readonly Dictionary<string, T> Values = Texts.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    private static string ToText(T value) => Texts[value];

    private static T FromText(string text) => Values[text];
}
