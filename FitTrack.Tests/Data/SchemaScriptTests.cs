using FitTrack.Core.Data;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class SchemaScriptTests
{
    [Fact]
    public void Embedded_InBothDatabases_HasTheSameScriptsInOrder()
    {
        var postgres = SchemaScript.Embedded(DatabaseProvider.Postgres).Select(s => s.Name).ToList();
        var oracle = SchemaScript.Embedded(DatabaseProvider.Oracle).Select(s => s.Name).ToList();

        Assert.NotEmpty(postgres);
        Assert.Equal(postgres, oracle);
        Assert.All(postgres, name => Assert.Matches("^[0-9]{3}_[a-z_]+[.]sql$", name));
        Assert.Distinct(postgres.Select(name => name[..3]));
    }

    [Fact]
    public void Statements_WhenPlain_EndAtSemicolonsAtTheEndOfALine()
    {
        var script = SchemaScript.Create("x.sql", """
            -- A remark; with a semicolon;

            CREATE TABLE a (
                -- inside;
                note VARCHAR2(10) DEFAULT ';' NOT NULL
            );
            COMMENT ON TABLE a IS 'One; two.';

            """);

        Assert.Equal(["CREATE TABLE a (\n    -- inside;\n    note VARCHAR2(10) DEFAULT ';' NOT NULL\n)", "COMMENT ON TABLE a IS 'One; two.'"], script.Statements());
    }

    [Fact]
    public void Statements_WhenTheLastHasNoEnd_Refuses()
    {
        var script = SchemaScript.Create("x.sql", "CREATE TABLE a (id NUMBER(10));\nCREATE INDEX i ON a (id)");

        Assert.Throws<InvalidOperationException>(() => script.Statements());
    }

    [Theory]
    [InlineData("CREATE OR REPLACE TRIGGER t\nBEFORE INSERT ON a FOR EACH ROW\nBEGIN\n    NULL;\nEND;")]
    [InlineData("create or replace function f return NUMBER is\nbegin\n  return 1;\nend;")]
    [InlineData("BEGIN\n    EXECUTE IMMEDIATE 'DROP TABLE a';\nEND;")]
    [InlineData("DECLARE\n    n NUMBER(10);\nBEGIN\n    n := 1;\nEND;")]
    public void Statements_WhenABlock_EndAtALineWithASlashAndKeepTheirSemicolons(string block)
    {
        var script = SchemaScript.Create("x.sql", $"CREATE TABLE a (id NUMBER(10));\n{block}\n/\nDROP TABLE a;\n");

        Assert.Equal(["CREATE TABLE a (id NUMBER(10))", block, "DROP TABLE a"], script.Statements());
    }
}
