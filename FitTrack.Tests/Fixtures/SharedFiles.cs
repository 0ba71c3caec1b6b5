using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Real files beside the repository; a clone may not have them.</summary>
public static class SharedFiles
{
    private static readonly string Folder = global::System.IO.Path.Combine(Repository.Root, "..", "shared");

    /// <summary>The path of <c>../shared/data/...</c>; skips the test where that is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = global::System.IO.Path.Combine([Folder, "data", .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"This clone has no ../shared/data/{string.Join('/', parts)}.");
        return path;
    }

    public static string Read(params string[] parts) => File.ReadAllText(Path(parts));

    /// <summary>The path of an area's acceptance scenarios, 1 to 6; skips the test where they are absent.</summary>
    public static string Scenarios(string area)
    {
        var folder = global::System.IO.Path.Combine(Folder, "scenarios");
        Assert.SkipUnless(Directory.Exists(folder), "This clone has no ../shared/scenarios.");
        return Directory.EnumerateFiles(folder, $"{area}-*.feature").Single();
    }
}
