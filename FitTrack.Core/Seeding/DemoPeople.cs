using Bogus;
using FitTrack.Core.Accounts;

namespace FitTrack.Core.Seeding;

/// <summary>One member to be, before anything is stored.</summary>
internal sealed record DemoPerson(
    string Email, string DisplayName, UserRole Role, BiologicalSex? Sex, FitnessLevel Level, bool Open, DateOnly DateOfBirth, string State, string TimeZone, int JoinedDaysAgo)
{
    /// <summary>How much they move, 0.4 (little) to 1.6 (a lot).</summary>
    public double Drive { get; init; } = 1;

    public bool Hidden { get; init; }
}

/// <summary>
/// Who lives in the demo: the two accounts that are printed at the start, administrators, premium members, one member for
/// every tier, and company for the demo member's own tier, so that its board is worth looking at.
/// </summary>
internal static class DemoPeople
{
    public const int OldestJoinedDaysAgo = 90;
    private const int YoungestJoinedDaysAgo = 30;

    private static readonly (string State, string TimeZone)[] Homes =
    [
        ("CA", "America/Los_Angeles"), ("TX", "America/Chicago"), ("WA", "America/Los_Angeles"), ("IL", "America/Chicago"), ("MA", "America/New_York"),
        ("CO", "America/Denver"), ("GA", "America/New_York"), ("OH", "America/New_York"), ("AZ", "America/Phoenix"), ("NC", "America/New_York"),
    ];

    public static IReadOnlyList<DemoPerson> Make(SeedOptions options, DateOnly today)
    {
        var faker = new Faker("en") { Random = new Randomizer(options.Seed) };
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var people = new List<DemoPerson>(options.Users);
        for (var i = 0; i < options.Users; i++)
        {
            var (sex, group, level, open) = Tier(i);
            var (state, zone) = faker.PickRandom(Homes);
            var name = i switch { 0 => "Ada Admin", 1 => "Mia Member", _ => UniqueName(faker, names, i) };
            people.Add(new DemoPerson(Email(i, name), name, Role(i), sex, level, open, Birthday(faker, group, today), state, zone,
                i <= 1 ? OldestJoinedDaysAgo : faker.Random.Int(YoungestJoinedDaysAgo, OldestJoinedDaysAgo))
            {
                Drive = i == 1 ? 1.1 : 0.4 + (faker.Random.Double() * 1.2),
                Hidden = i > 31 && i % 7 == 0,
            });
        }

        return people;
    }

    /// <summary>The demo member is F-30-39-INT; the next 30 take the tiers in turn, whoever is left joins the demo member.</summary>
    private static (BiologicalSex? Sex, int Group, FitnessLevel Level, bool Open) Tier(int i) => i switch
    {
        0 => (null, 1, FitnessLevel.Advanced, true),
        1 => (BiologicalSex.Female, 1, FitnessLevel.Intermediate, false),
        <= 31 => ((i - 2) % 2 == 0 ? BiologicalSex.Male : BiologicalSex.Female, (i - 2) / 2 % 5, (FitnessLevel)((i - 2) / 10), false),
        _ when i % 9 == 8 => (null, i % 5, FitnessLevel.Intermediate, false),
        _ => (BiologicalSex.Female, 1, FitnessLevel.Intermediate, false),
    };

    private static UserRole Role(int i) => i switch
    {
        0 or 2 or 3 => UserRole.Admin,
        _ when i % 6 == 5 => UserRole.Premium,
        _ => UserRole.User,
    };

    private static string Email(int i, string name) => i switch
    {
        0 => DemoAccounts.AdminEmail,
        1 => DemoAccounts.MemberEmail,
        _ => $"{name.ToLowerInvariant().Replace(' ', '.').Replace("'", "", StringComparison.Ordinal)}@demo.fittrack.example",
    };

    private static string UniqueName(Faker faker, HashSet<string> taken, int i)
    {
        var name = $"{faker.Name.FirstName()} {faker.Name.LastName()[0]}";
        return taken.Add(name) ? name : $"{name} {i}";
    }

    private static DateOnly Birthday(Faker faker, int group, DateOnly today)
    {
        var youngest = group == 0 ? 19 : (group * 10) + 21;
        return today.AddYears(-faker.Random.Int(youngest, youngest + 6)).AddDays(-faker.Random.Int(1, 300));
    }
}
