using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FitTrack.Core.Reports;

/// <param name="Entity">The table's name in snake_case.</param>
public sealed record EntityCount(string Entity, long Count);

/// <summary>Rows of a table that point at a row that is not there; the databases' own keys should make this impossible.</summary>
public sealed record OrphanCheck(string Entity, string Column, string References, long Orphans);

/// <param name="Ok">Nothing is wrong.</param>
/// <param name="Orphans">A line for each foreign key.</param>
/// <param name="Ledger">Every balance and chain, derived anew.</param>
/// <param name="FirstBrokenAuditEntry">Null when the audit log's chain holds.</param>
public sealed record IntegrityReport(DateTimeOffset GeneratedAt, bool Ok, IReadOnlyList<OrphanCheck> Orphans, LedgerReport Ledger, long? FirstBrokenAuditEntry);

/// <summary>What the whole database looks like. It reads the model instead of the features' tables by name, so no table is forgotten.</summary>
public sealed class SystemReports(FitTrackDbContext db, LedgerVerifier ledger, AuditLog audit, TimeProvider clock)
{
    /// <summary>Rows of every table, by name.</summary>
    public async Task<List<EntityCount>> CountAsync(CancellationToken ct)
    {
        var counts = new List<EntityCount>();
        foreach (var table in db.Model.GetEntityTypes().Select(TableOf).Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase))
            counts.Add(new EntityCount(table.ToLowerInvariant(), await CountAsync($"SELECT COUNT(*) AS \"Value\" FROM {table}", ct)));
        return counts;
    }

    public async Task<IntegrityReport> CheckAsync(CancellationToken ct)
    {
        var orphans = new List<OrphanCheck>();
        foreach (var key in db.Model.GetEntityTypes().SelectMany(e => e.GetDeclaredForeignKeys()))
            orphans.Add(await CheckAsync(key, ct));
        var points = await ledger.VerifyAsync(progress: null, ct);
        var broken = await audit.FirstBrokenAsync(ct);
        return new IntegrityReport(clock.Now(), points.IsIntact && broken is null && orphans.TrueForAll(o => o.Orphans == 0), orphans, points, broken);
    }

    private async Task<OrphanCheck> CheckAsync(IForeignKey key, CancellationToken ct)
    {
        var (from, to) = (TableOf(key.DeclaringEntityType), TableOf(key.PrincipalEntityType));
        var pairs = key.Properties.Zip(key.PrincipalKey.Properties, (f, p) => (From: f.GetColumnName(), To: p.GetColumnName())).ToList();
        var isSet = string.Join(" AND ", pairs.Select(p => $"f.{p.From} IS NOT NULL"));
        var matches = string.Join(" AND ", pairs.Select(p => $"t.{p.To} = f.{p.From}"));
        var orphans = await CountAsync($"SELECT COUNT(*) AS \"Value\" FROM {from} f WHERE {isSet} AND NOT EXISTS (SELECT 1 FROM {to} t WHERE {matches})", ct);
        return new OrphanCheck(from.ToLowerInvariant(), string.Join(", ", pairs.Select(p => p.From.ToLowerInvariant())), to.ToLowerInvariant(), orphans);
    }

    /// <summary>The text consists of the model's own names only, and is the same SQL on every database.</summary>
    private Task<long> CountAsync(string sql, CancellationToken ct) => db.Database.SqlQueryRaw<long>(sql).SingleAsync(ct);

    private static string TableOf(IReadOnlyEntityType entity) => entity.GetTableName() ?? throw new InvalidOperationException($"{entity.DisplayName()} has no table.");
}
