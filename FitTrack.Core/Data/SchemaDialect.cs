using System.Data.Common;

namespace FitTrack.Core.Data;

/// <summary>What applying scripts needs to know of a database; <see cref="SchemaMigrator"/> does the rest alike for both.</summary>
internal abstract class SchemaDialect
{
    /// <summary>True where a script runs whole or not at all; else its statements are recorded one by one.</summary>
    public abstract bool TransactionalDdl { get; }

    /// <summary>Answers the number of tables called <c>schema_history</c> in our schema.</summary>
    public abstract string HistoryExists { get; }

    /// <summary>Makes the history table where it is missing; runs under the lock.</summary>
    public abstract string CreateHistory { get; }

    /// <summary>Drops every object of our schema, the history included.</summary>
    public abstract string DropAll { get; }

    /// <summary>Waits for the schema lock, which the transaction it runs in then holds until it ends or its process dies.</summary>
    public abstract string Lock { get; }

    /// <summary>Makes what the lock needs.</summary>
    public virtual Task PrepareLockAsync(DbConnection connection, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Whether the error says that what a statement creates is there already.</summary>
    public abstract bool IsAlreadyThere(DbException exception);

    public static SchemaDialect For(DatabaseProvider provider) =>
        provider == DatabaseProvider.Oracle ? new OracleSchemaDialect() : new PostgresSchemaDialect();

    public static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>The lock is an advisory one; a script is one transaction.</summary>
internal class PostgresSchemaDialect : SchemaDialect
{
    /// <summary>The bytes of "FitTrack": an advisory lock's key is shared by everything in the database.</summary>
    private const long LockKey = 0x4669_7454_7261_636B;

    public override bool TransactionalDdl => true;

    public override string HistoryExists => "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_history'";

    public override string CreateHistory => """
        CREATE TABLE IF NOT EXISTS schema_history (
            name         varchar(200)  NOT NULL,
            sha256       varchar(64)   NOT NULL,
            statements   integer       NOT NULL,
            started_at   timestamptz   NOT NULL DEFAULT CURRENT_TIMESTAMP,
            applied_at   timestamptz,
            duration_ms  bigint        NOT NULL,
            CONSTRAINT pk_schema_history PRIMARY KEY (name)
        )
        """;

    /// <summary>Objects that an extension owns stay.</summary>
    public override string DropAll => """
        DO $$
        DECLARE thing record;
        BEGIN
            FOR thing IN
                SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relname AS name
                FROM pg_class c
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
                ORDER BY CASE c.relkind WHEN 'v' THEN 0 WHEN 'm' THEN 0 WHEN 'S' THEN 2 ELSE 1 END
            LOOP
                EXECUTE format('DROP %s IF EXISTS %I CASCADE', thing.kind, thing.name);
            END LOOP;
            FOR thing IN
                SELECT p.oid::regprocedure AS name FROM pg_proc p
                WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            LOOP
                EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', thing.name);
            END LOOP;
        END $$
        """;

    /// <summary>A server's limit on idle transactions must not take the lock away in the middle of a long script.</summary>
    public override string Lock => $"SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({LockKey})";

    /// <summary>Duplicate schema, table or index, column, object, function.</summary>
    public override bool IsAlreadyThere(DbException exception) => exception.SqlState is "42P06" or "42P07" or "42701" or "42710" or "42723";
}

/// <summary>
/// The lock is a row of <c>schema_lock</c>, held by an open transaction of a connection of its own: DBMS_LOCK needs a
/// grant that application users do not have, DDL on the same connection would commit and so give the row back, and
/// Oracle frees it when the holder dies, so there is no lease to expire too early.
/// </summary>
internal sealed class OracleSchemaDialect : SchemaDialect
{
    /// <summary>Name in use, index on these columns, column, primary key, unique key, constraint, foreign key.</summary>
    private static readonly string[] AlreadyThere = ["ORA-00955", "ORA-01408", "ORA-01430", "ORA-02260", "ORA-02261", "ORA-02264", "ORA-02275"];

    public override bool TransactionalDdl => false;

    public override string HistoryExists => "SELECT COUNT(*) FROM user_tables WHERE table_name = 'SCHEMA_HISTORY'";

    public override string CreateHistory => """
        CREATE TABLE IF NOT EXISTS schema_history (
            name         VARCHAR2(200 CHAR)           NOT NULL,
            sha256       VARCHAR2(64 CHAR)            NOT NULL,
            statements   NUMBER(10)                   NOT NULL,
            started_at   TIMESTAMP(6) WITH TIME ZONE  DEFAULT SYSTIMESTAMP NOT NULL,
            applied_at   TIMESTAMP(6) WITH TIME ZONE,
            duration_ms  NUMBER(19)                   NOT NULL,
            CONSTRAINT pk_schema_history PRIMARY KEY (name)
        )
        """;

    /// <summary>All but the lock table, whose row is locked at that moment.</summary>
    public override string DropAll => """
        BEGIN
            FOR thing IN (SELECT view_name FROM user_views) LOOP
                EXECUTE IMMEDIATE 'DROP VIEW "' || thing.view_name || '"';
            END LOOP;
            FOR thing IN (SELECT table_name FROM user_tables WHERE table_name <> 'SCHEMA_LOCK') LOOP
                EXECUTE IMMEDIATE 'DROP TABLE "' || thing.table_name || '" CASCADE CONSTRAINTS PURGE';
            END LOOP;
            FOR thing IN (SELECT object_type, object_name FROM user_objects WHERE object_type IN ('SEQUENCE', 'PACKAGE', 'PROCEDURE', 'FUNCTION')) LOOP
                EXECUTE IMMEDIATE 'DROP ' || thing.object_type || ' "' || thing.object_name || '"';
            END LOOP;
        END;
        """;

    public override string Lock => "SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE";

    public override async Task PrepareLockAsync(DbConnection connection, CancellationToken ct)
    {
        await TolerateAsync(connection, "CREATE TABLE IF NOT EXISTS schema_lock (id NUMBER(10) NOT NULL, CONSTRAINT pk_schema_lock PRIMARY KEY (id))", IsAlreadyThere, ct);
        await TolerateAsync(connection, "INSERT INTO schema_lock (id) VALUES (1)", DbErrors.IsUniqueViolation, ct);
    }

    private static async Task TolerateAsync(DbConnection connection, string sql, Func<DbException, bool> expected, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(connection, sql, ct);
        }
        catch (DbException exception) when (expected(exception))
        {
            // Another process was a moment faster; either way it is there now.
        }
    }

    public override bool IsAlreadyThere(DbException exception) => AlreadyThere.Any(code => exception.Message.Contains(code, StringComparison.Ordinal));
}
