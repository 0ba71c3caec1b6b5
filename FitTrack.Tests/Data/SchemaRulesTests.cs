using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>What every table must keep to, so that both databases can hold it and stay fast.</summary>
public sealed class SchemaRulesTests
{
    private static readonly List<IEntityType> Tables = [.. SchemaShape.Model().GetEntityTypes()];

    [Fact]
    public void Tables_Always_AreDescribedInOneSentence()
    {
        Assert.NotEmpty(Tables);
        AssertNone(Tables.Where(t => t.GetComment() is not { Length: > 10 and <= 200 } comment || !comment.EndsWith('.')).Select(t => t.GetTableName()));
    }

    [Fact]
    public void ForeignKeys_Always_HaveAnIndexThatStartsWithThem()
    {
        var all = Tables.SelectMany(t => t.GetForeignKeys()).ToList();
        Assert.NotEmpty(all);

        var bare = all.Where(f => !Leading(f.DeclaringEntityType).Any(columns => columns.Count >= f.Properties.Count && columns.Take(f.Properties.Count).ToHashSet().SetEquals(f.Properties)));

        AssertNone(bare.Select(f => f.GetConstraintName()));
    }

    [Fact]
    public void UserIds_Always_ReferToUsers()
    {
        var columns = Tables.SelectMany(t => t.GetProperties()).Where(p => p.Name.EndsWith("UserId", StringComparison.Ordinal) && p.ClrType == typeof(Guid)).ToList();
        Assert.NotEmpty(columns);

        // These live for a day, and users are never deleted: a foreign key would only cost every purchase a lock.
        var loose = columns.Where(p => p.DeclaringType.ClrType != typeof(IdempotencyKey) && !p.GetContainingForeignKeys().Any());

        AssertNone(loose.Select(p => $"{((IEntityType)p.DeclaringType).GetTableName()}.{p.GetColumnName()}"));
    }

    /// <summary>ORA-02329: a column of these types cannot be unique or a primary key.</summary>
    [Fact]
    public void Keys_InOracle_HaveNoTimesAndNoLobs()
    {
        var keys = Tables.SelectMany(t => t.GetKeys()).SelectMany(k => k.Properties).ToList();
        Assert.NotEmpty(keys);

        AssertNone(keys.Where(p => ColumnTypes.Oracle(p) is "CLOB" or "BLOB" || ColumnTypes.Oracle(p).Contains("TIME ZONE", StringComparison.Ordinal)).Select(Name));
    }

    /// <summary>ORA-02327: a LOB cannot be indexed. ORA-01450 and PostgreSQL's page: an entry must fit, and a character takes up to four bytes.</summary>
    [Fact]
    public void Indexes_InBothDatabases_HaveNoLobsAndFitTheirPages()
    {
        const int longestEntry = 2700;
        var indexes = Tables.SelectMany(t => t.GetIndexes().Select(i => (Name: i.GetDatabaseName(), i.Properties)).Concat(t.GetKeys().Select(k => (Name: k.GetName(), k.Properties)))).ToList();
        Assert.NotEmpty(indexes);

        AssertNone(indexes.Where(i => i.Properties.Any(p => ColumnTypes.Oracle(p) is "CLOB" or "BLOB") || i.Properties.Sum(Bytes) > longestEntry).Select(i => i.Name));
    }

    [Fact]
    public void Indexes_Always_AddSomethingToTheOthers()
    {
        var redundant = Tables.SelectMany(t => t.GetIndexes().Where(i => !i.IsUnique && i.IsDescending is null
            && Leading(t).Count(other => other.Take(i.Properties.Count).SequenceEqual(i.Properties)) > 1));

        AssertNone(redundant.Select(i => i.GetDatabaseName()));
    }

    [Fact]
    public void Names_Always_AreTheSameInBothDatabases() =>
        Assert.All(SchemaShape.OfModel(DatabaseProvider.Oracle).Where(l => !l.StartsWith("comment", StringComparison.Ordinal)).SelectMany(l => l.Split(' ', '.').Skip(1).Take(2)), n => Assert.True(n.Length <= 63, n));

    private static void AssertNone(IEnumerable<string?> offenders)
    {
        var list = offenders.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    private static IEnumerable<IReadOnlyList<IProperty>> Leading(IEntityType table) =>
        table.GetIndexes().Select(i => i.Properties).Concat(table.GetKeys().Select(k => k.Properties));

    private static int Bytes(IProperty property) => (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) switch
    {
        { IsEnum: true } => 40,
        var t when t == typeof(string) => property.GetMaxLength()!.Value * 4,
        var t when t == typeof(byte[]) => property.GetMaxLength()!.Value,
        var t when t == typeof(Guid) => 36,
        _ => 13,
    };

    private static string Name(IProperty property) => $"{((IEntityType)property.DeclaringType).GetTableName()}.{property.GetColumnName()}";
}
