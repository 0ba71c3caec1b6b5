using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Seeding;

/// <summary>
/// Begins anew: everything is dropped, the schema is applied from nothing, the demo is made again. Only the key ring stays: running
/// programs keep it in memory, and what they seal with it must be readable after their restart.
/// </summary>
public sealed class DatabaseReset(FitTrackDbContext db, SchemaMigrator schema, DemoSeeder seeder, IMessageBus bus)
{
    /// <param name="options">Null leaves the database empty.</param>
    public async Task<SeedReport> RunAsync(SeedOptions? options, IProgress<SeedProgress>? progress, CancellationToken ct)
    {
        progress?.Report(new SeedProgress("schema", 0, 2));
        var keyRing = await ReadKeyRingAsync(ct);
        await schema.DropAllAsync(ct);
        progress?.Report(new SeedProgress("schema", 1, 2));
        await schema.MigrateAsync(ct);
        db.ChangeTracker.Clear();
        db.AddRange(keyRing);
        await db.SaveChangesAsync(ct);
        progress?.Report(new SeedProgress("schema", 2, 2));
        var report = options is null ? await seeder.ReportAsync(ct) : await seeder.RunAsync(options, progress, ct);
        bus.Publish(AccountTopics.SigningKeys, "");
        bus.Publish(BusTopics.Leaderboard, "");
        await bus.FlushAsync(ct);
        return report;
    }

    private async Task<List<DataProtectionKey>> ReadKeyRingAsync(CancellationToken ct) =>
        (await schema.CheckAsync(ct)).Version is null ? [] : await db.Set<DataProtectionKey>().AsNoTracking().ToListAsync(ct);
}
