using System.Data;
using System.Globalization;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Points;

/// <summary>What <c>verify-ledger</c> found.</summary>
/// <param name="Members">Chains that were derived anew.</param>
/// <param name="Rows">Ledger rows in them.</param>
/// <param name="Roots">Published daily roots that were derived anew.</param>
/// <param name="FirstDifference">The first thing that does not follow from the rest; null when everything does.</param>
public sealed record LedgerReport(int Members, long Rows, int Roots, string? FirstDifference)
{
    public bool IsIntact => FirstDifference is null;
}

/// <summary>
/// Derives every balance, every chain and the newest published roots from the ledger's rows alone, and reports the first
/// difference to what is stored.
/// </summary>
public sealed class LedgerVerifier(FitTrackDbContext db)
{
    /// <summary>Daily roots checked, newest first; older ones are held by those who saw them published.</summary>
    private const int MostRoots = 31;

    private const int ProgressEvery = 1_000;

    public async Task<LedgerReport> VerifyAsync(IProgress<long>? progress, CancellationToken ct)
    {
        // One snapshot for all three tables, so that a ledger in use does not look broken.
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        var balances = await db.Set<PointBalance>().AsNoTracking().ToDictionaryAsync(b => b.UserId, ct);
        var roots = await db.Set<LedgerRoot>().AsNoTracking().OrderByDescending(r => r.CompetitionDay).Take(MostRoots).ToListAsync(ct);
        var heads = roots.ToDictionary(r => r, _ => new Dictionary<Guid, LedgerHead>());

        Chain? chain = null;
        var (members, rows) = (0, 0L);
        await foreach (var row in db.Set<PointTransaction>().AsNoTracking().OrderBy(t => t.UserId).ThenBy(t => t.Seq).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (chain is null || chain.UserId != row.UserId)
            {
                if (chain?.Against(balances) is { } difference)
                    return new LedgerReport(members, rows, 0, difference);
                chain = new Chain(row.UserId);
                members++;
            }

            if (chain.Follow(row) is { } broken)
                return new LedgerReport(members, rows, 0, broken);
            foreach (var root in roots.Where(r => row.CreatedAt < r.CutoffAt))
                heads[root][row.UserId] = new LedgerHead(row.UserId, row.Seq, row.Hash);
            if (++rows % ProgressEvery == 0)
                progress?.Report(rows);
        }

        var last = chain?.Against(balances) ?? balances.Values.ToList().Select(b => new Chain(b.UserId).Against(balances)).FirstOrDefault(d => d is not null)
            ?? roots.Where(r => !LedgerRoot.HashOf(heads[r].Values).AsSpan().SequenceEqual(r.RootHash)).Select(Describe).FirstOrDefault();
        progress?.Report(rows);
        return new LedgerReport(members, rows, roots.Count, last);
    }

    private static string Describe(LedgerRoot root) =>
        string.Create(CultureInfo.InvariantCulture, $"The root published for {root.CompetitionDay:yyyy-MM-dd} is not the root of the ledger's rows.");

    /// <summary>One member's chain, followed row by row.</summary>
    private sealed class Chain(Guid userId)
    {
        private long _seq;
        private long _balance;
        private long _earned;
        private byte[] _hash = LedgerHash.Start;

        public Guid UserId => userId;

        public string? Follow(PointTransaction row)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"member {userId}, row {row.Seq}");
            if (row.Seq != _seq + 1)
                return $"{at}: the row after {_seq} is missing.";
            if (row.BalanceAfter != _balance + row.Amount)
                return $"{at}: the balance after it should be {_balance + row.Amount}, not {row.BalanceAfter}.";
            if (!row.Hash.AsSpan().SequenceEqual(row.HashAfter(_hash)))
                return $"{at}: its hash does not follow from the row and the hash before it.";
            (_seq, _balance, _hash) = (row.Seq, row.BalanceAfter, row.Hash);
            _earned += row.EarnedOn is null ? 0 : row.Amount;
            return null;
        }

        /// <summary>Compares with the stored balance, which is then done with.</summary>
        public string? Against(Dictionary<Guid, PointBalance> balances)
        {
            if (!balances.Remove(userId, out var stored))
                return $"member {userId} has ledger rows and no balance.";
            if ((stored.Seq, stored.Balance, stored.EarnedTotal) != (_seq, _balance, _earned))
                return $"member {userId}: the ledger gives balance {_balance}, earned {_earned}, row {_seq}; stored are {stored.Balance}, {stored.EarnedTotal}, {stored.Seq}.";
            return stored.LastHash.AsSpan().SequenceEqual(_hash) ? null : $"member {userId}: the stored last hash is not that of row {_seq}.";
        }
    }
}
