using FitTrack.Core.Data;

namespace FitTrack.Core.Seeding;

/// <summary>Begins anew: everything is dropped, the schema is applied from nothing, the demo is made again.</summary>
public sealed class DatabaseReset(SchemaMigrator schema, DemoSeeder seeder)
{
    /// <param name="options">Null leaves the database empty.</param>
    public async Task<SeedReport> RunAsync(SeedOptions? options, IProgress<SeedProgress>? progress, CancellationToken ct)
    {
        progress?.Report(new SeedProgress("schema", 0, 2));
        await schema.DropAllAsync(ct);
        progress?.Report(new SeedProgress("schema", 1, 2));
        await schema.MigrateAsync(ct);
        progress?.Report(new SeedProgress("schema", 2, 2));
        return options is null ? await seeder.ReportAsync(ct) : await seeder.RunAsync(options, progress, ct);
    }
}
