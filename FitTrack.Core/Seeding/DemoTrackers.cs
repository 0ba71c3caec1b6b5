using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Accounts;
using FitTrack.Core.Trackers;

namespace FitTrack.Core.Seeding;

/// <param name="Account">Terra's id of the connection.</param>
/// <param name="Provider">Our name for the tracker.</param>
/// <param name="TerraProvider">Terra's name for it.</param>
/// <param name="Name">Whose it is, for people to read.</param>
public sealed record DemoTracker(string Account, string Provider, string TerraProvider, string Name);

/// <param name="Service">Who has the data.</param>
/// <param name="Provider">Our name for it.</param>
/// <param name="Account">The account's id there.</param>
/// <param name="Secret">Strava's refresh token or Hevy's key. Made up: it opens nothing but simulated data. Null where there is none.</param>
/// <param name="Name">Whose it is, for people to read.</param>
public sealed record DemoSource(TrackerService Service, string Provider, string Account, string? Secret, string Name);

/// <summary>The trackers of the demo's members: the same in every demo with a seed, so that the simulators and examples can name them.</summary>
public static class DemoTrackers
{
    private const int FirstAthlete = 900_000_000;

    private static readonly (string Provider, string Terra)[] Kinds = [("garmin", "GARMIN"), ("fitbit", "FITBIT"), ("apple_health", "APPLE"), ("google_fit", "GOOGLE")];

    /// <param name="member">The member's number, from 0.</param>
    public static DemoTracker Of(int seed, int member)
    {
        var (provider, terra) = Kinds[member % Kinds.Length];
        return new DemoTracker(IdOf($"fittrack-demo:{seed}:{member}"), provider, terra, NameOf(member));
    }

    /// <summary>What every fifth member has beside their tracker; none of it scores.</summary>
    /// <param name="member">The member's number, from 0.</param>
    public static DemoSource? BesideOf(int seed, int member)
    {
        if (member % 5 != 1)
            return null;
        var (account, secret) = ($"demo-{seed}-{member}", IdOf($"fittrack-demo:{seed}:{member}:secret"));
        return (member / 5 % 3) switch
        {
            // Strava numbers its athletes.
            0 => new DemoSource(TrackerService.Strava, "strava", $"{FirstAthlete + member}", secret, NameOf(member)),
            1 => new DemoSource(TrackerService.Hevy, "hevy", account, secret, NameOf(member)),
            _ => new DemoSource(TrackerService.Google, "google_calendar", account, null, NameOf(member)),
        };
    }

    /// <summary>Those of the first so many members at one service.</summary>
    public static IEnumerable<DemoSource> BesideOf(int seed, int members, TrackerService service) =>
        Enumerable.Range(0, members).Select(i => BesideOf(seed, i)).OfType<DemoSource>().Where(s => s.Service == service);

    private static string IdOf(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();

    private static string NameOf(int member) => member switch { 0 => DemoAccounts.AdminEmail, 1 => DemoAccounts.MemberEmail, _ => $"Demo member {member + 1}" };
}
