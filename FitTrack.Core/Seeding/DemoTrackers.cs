using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Accounts;

namespace FitTrack.Core.Seeding;

/// <param name="Account">Terra's id of the connection.</param>
/// <param name="Provider">Our name for the tracker.</param>
/// <param name="TerraProvider">Terra's name for it.</param>
/// <param name="Name">Whose it is, for people to read.</param>
public sealed record DemoTracker(string Account, string Provider, string TerraProvider, string Name);

/// <summary>The trackers of the demo's members: the same in every demo with a seed, so that the simulated Terra and examples can name them.</summary>
public static class DemoTrackers
{
    private static readonly (string Provider, string Terra)[] Kinds = [("garmin", "GARMIN"), ("fitbit", "FITBIT"), ("apple_health", "APPLE"), ("google_fit", "GOOGLE")];

    /// <param name="member">The member's number, from 0.</param>
    public static DemoTracker Of(int seed, int member)
    {
        var (provider, terra) = Kinds[member % Kinds.Length];
        var account = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"fittrack-demo:{seed}:{member}")).AsSpan(0, 16)).ToString();
        return new DemoTracker(account, provider, terra, member switch { 0 => DemoAccounts.AdminEmail, 1 => DemoAccounts.MemberEmail, _ => $"Demo member {member + 1}" });
    }
}
