using System.Data.Common;
using FitTrack.Core.Data;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class OracleSchemaDialectTests
{
    [Theory]
    [InlineData("ORA-00955: name is already used by an existing object", true)]
    [InlineData("ORA-01408: such column list already indexed", true)]
    [InlineData("ORA-01430: column being added already exists in table", true)]
    [InlineData("ORA-02275: such a referential constraint already exists in the table", true)]
    [InlineData("ORA-00942: table or view does not exist", false)]
    [InlineData("ORA-00001: unique constraint violated", false)]
    public void IsAlreadyThere_OnlyForWhatAStatementCreates_IsTrue(string message, bool expected) =>
        Assert.Equal(expected, new OracleSchemaDialect().IsAlreadyThere(new OracleError(message)));

    /// <summary>The dropping session holds a lock on a row of this table, so Oracle could not drop it.</summary>
    [Fact]
    public void DropAll_Always_LeavesTheLockTable() =>
        Assert.Contains("table_name <> 'SCHEMA_LOCK'", new OracleSchemaDialect().DropAll, StringComparison.Ordinal);

    [Fact]
    public void For_EachProvider_HasItsDialect()
    {
        Assert.IsType<OracleSchemaDialect>(SchemaDialect.For(DatabaseProvider.Oracle));
        Assert.IsType<PostgresSchemaDialect>(SchemaDialect.For(DatabaseProvider.Postgres));
    }

    private sealed class OracleError(string message) : DbException(message);
}
