using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Real files beside the repository; a clone may not have them.</summary>
public static class SharedFiles
{
    /// <summary>The path of <c>../shared/data/...</c>; skips the test where that is absent.</summary>
    public static string Path(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(global::System.IO.Path.Combine(folder.FullName, "FitTrack.sln")))
                continue;
            var path = global::System.IO.Path.Combine([folder.FullName, "..", "shared", "data", .. parts]);
            Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"This clone has no ../shared/data/{string.Join('/', parts)}.");
            return path;
        }

        Assert.Skip("The repository's folder is not known here.");
        return "";
    }

    public static string Read(params string[] parts) => File.ReadAllText(Path(parts));
}
