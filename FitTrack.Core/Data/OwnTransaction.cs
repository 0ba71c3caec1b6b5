using Microsoft.EntityFrameworkCore.Storage;

namespace FitTrack.Core.Data;

internal static class OwnTransaction
{
    /// <summary>Null where the caller has opened one, to keep its answer in; then the caller commits.</summary>
    public static async Task<IDbContextTransaction?> BeginOwnTransactionAsync(this FitTrackDbContext db, CancellationToken ct) =>
        db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
}
