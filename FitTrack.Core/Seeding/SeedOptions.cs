using FitTrack.Core.Reports;

namespace FitTrack.Core.Seeding;

/// <summary>How much demo data, and from which seed: the same options make the same people, efforts and purchases.</summary>
/// <param name="Users">Members, 1 to 10,000. From 35 on every role, all 30 tiers and OPEN occur.</param>
/// <param name="Activities">Records that trackers send, 0 to 100,000.</param>
/// <param name="Drawings">0 to 200. From 8 on every state of a drawing occurs.</param>
/// <param name="Seed">Of everything that is chosen at random, but ids, salts and the draws' own entropy.</param>
public sealed record SeedOptions(int Users = 40, int Activities = 300, int Drawings = 12, int Seed = 42)
{
    /// <summary>What is wrong with the numbers; null when they can be used.</summary>
    public string? Problem() =>
        Users is < 1 or > 10_000 ? "Users must be 1 to 10,000."
        : Activities is < 0 or > 100_000 ? "Activities must be 0 to 100,000."
        : Drawings is < 0 or > 200 ? "Drawings must be 0 to 200."
        : null;
}

/// <summary>How far one step of the seeding is.</summary>
/// <param name="Step">What is being made, in the plural: <c>members</c>.</param>
public readonly record struct SeedProgress(string Step, int Done, int Total);

/// <summary>What there is afterwards.</summary>
public sealed record SeedReport(IReadOnlyList<EntityCount> Counts);
