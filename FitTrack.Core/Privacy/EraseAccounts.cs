using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Privacy;

/// <summary>
/// Erases the personal data of accounts that were deleted long enough ago. What stays is an id that leads to nobody: the ledger, so that
/// sums and chains hold, and tickets, so that drawings can still be checked.
/// </summary>
public sealed partial class EraseAccounts(
    FitTrackDbContext db, ClosedAccounts accounts, IEnumerable<IPersonalData> features, IOptions<PrivacyOptions> options, TimeProvider clock, ILogger<EraseAccounts> logger)
{
    /// <summary>Erases every account that is due; returns how many. One that fails, or is owed something, keeps no other from it.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var (erased, before) = (0, clock.Now().AddDays(-options.Value.EraseAfterDays));
        foreach (var feature in features)
            await feature.ForgetAsync(before, ct);
        foreach (var userId in await accounts.DueAsync(before, ct))
        {
            try
            {
                if (await EraseAsync(userId, ct))
                    erased++;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(logger, e, userId);
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }

        return erased;
    }

    private async Task<bool> EraseAsync(Guid userId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The row that this changes is what two workers would wait for; the second finds it done.
        if (!await accounts.AnonymizeAsync(userId, ct))
            return false;
        foreach (var feature in features)
        {
            if (!await feature.IsSettledAsync(userId, ct))
                return false;
        }

        foreach (var table in Enumerable.Reverse(TableOrder.Sort(db.Model, features.SelectMany(f => f.Tables(userId)))))
            await table.EraseAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {UserId} could not be erased; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid userId);
}
