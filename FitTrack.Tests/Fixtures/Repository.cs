namespace FitTrack.Tests.Fixtures;

/// <summary>Where the sources are, for tests that read scripts, documents and project files.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>FitTrack.sln</c>.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FitTrack.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"FitTrack.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
