using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Data;

/// <summary>
/// The relational model of all features. Each entity's configuration stands beside the entity; names and column types
/// come from <see cref="ModelConventions"/>; the tables themselves are made by the scripts in <c>Schema/</c>.
/// </summary>
public sealed class FitTrackDbContext(DbContextOptions<FitTrackDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FitTrackDbContext).Assembly);
        ModelConventions.Apply(modelBuilder, DatabaseProviders.Of(Database.ProviderName));
    }
}
