using System.Collections.Frozen;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Core.Trackers;

/// <summary>What a source's terms allow us to do with its data (domain section 3).</summary>
/// <param name="MayScore">Its activities can earn points; only then can it be a primary tracker.</param>
/// <param name="MayBeShown">Others than the owner may see it.</param>
/// <param name="MayReachCoach">It may be sent to a language model.</param>
public sealed record SourceLicence(bool MayScore, bool MayBeShown, bool MayReachCoach);

/// <summary>Licence flags per source; configuration section <c>Trackers</c> (<c>Trackers:Sources:strava:MayScore=true</c> where a contract allows it).</summary>
public sealed class TrackerOptions
{
    public const string Section = "Trackers";

    private static readonly FrozenDictionary<string, SourceLicence> Defaults = new Dictionary<string, SourceLicence>(StringComparer.Ordinal)
    {
        // Strava's API agreement: shown to its owner only, no games of chance, no language models.
        ["strava"] = new(MayScore: false, MayBeShown: false, MayReachCoach: false),
        ["import_strava"] = new(MayScore: false, MayBeShown: false, MayReachCoach: false),
        // Sets and weights are typed in.
        ["hevy"] = new(MayScore: false, MayBeShown: true, MayReachCoach: true),
        ["map_my_fitness"] = new(MayScore: false, MayBeShown: true, MayReachCoach: true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly SourceLicence Free = new(true, true, true);

    /// <summary>The Api as browsers and providers reach it; sign-ins at providers come back there. Null: the address that was asked for the sign-in.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Overrides, by source.</summary>
    public IDictionary<string, SourceFlags> Sources { get; } = new Dictionary<string, SourceFlags>(StringComparer.Ordinal);

    /// <summary>Sources whose data only its owner may see.</summary>
    public IReadOnlyList<string> OwnerOnly => [.. Defaults.Keys.Concat(Sources.Keys).Distinct(StringComparer.Ordinal).Where(s => !LicenceOf(s).MayBeShown)];

    public SourceLicence LicenceOf(string source)
    {
        var licence = Defaults.GetValueOrDefault(source, Free);
        return Sources.TryGetValue(source, out var flags)
            ? new SourceLicence(flags.MayScore ?? licence.MayScore, flags.MayBeShown ?? licence.MayBeShown, flags.MayReachCoach ?? licence.MayReachCoach)
            : licence;
    }
}

/// <summary>Overrides of one source's licence; what is null stays as built in.</summary>
public sealed class SourceFlags
{
    public bool? MayScore { get; set; }

    public bool? MayBeShown { get; set; }

    public bool? MayReachCoach { get; set; }
}

/// <summary>What we call the providers that Terra names.</summary>
public static class TerraProviders
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["APPLE"] = "apple_health",
        ["GOOGLE"] = "google_fit",
        ["GOOGLEFIT"] = "google_fit",
        ["HEALTH_CONNECT"] = "health_connect",
        ["SAMSUNG"] = "samsung_health",
        ["MAPMYFITNESS"] = "map_my_fitness",
        ["UNDERARMOUR"] = "map_my_fitness",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Our name for it: the list is open, so an unknown one is its own name in lower case.</summary>
    public static string? NameOf(string? terraProvider)
    {
        if (string.IsNullOrWhiteSpace(terraProvider))
            return null;
        if (Names.TryGetValue(terraProvider, out var name))
            return name;
        var plain = terraProvider.Trim().ToLowerInvariant();
        return plain.Length <= ProviderConnection.MaxProvider && plain.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? plain : null;
    }

    /// <summary>Terra's name for one of ours; null when it cannot be connected through Terra's widget here.</summary>
    public static string? CodeOf(string provider, TerraOptions options)
    {
        if (!options.Providers.Split(',', StringSplitOptions.TrimEntries).Contains(provider, StringComparer.Ordinal))
            return null;
        foreach (var (code, name) in Names)
        {
            if (name == provider && code != "GOOGLEFIT")
                return code;
        }

        return provider.ToUpperInvariant();
    }
}
