using System.Reflection;

namespace FitTrack.AppHost;

/// <summary>One of the three programs as it was built beside the AppHost, in the same configuration.</summary>
/// <param name="Assembly">Full path of its dll.</param>
/// <param name="ProjectFolder">Where it runs, so that it finds its appsettings and static files as under <c>dotnet run</c>.</param>
internal sealed record ProgramLocation(string Assembly, string ProjectFolder);

/// <summary>The build writes these places into the assembly, relative to it, so that a moved clone keeps working.</summary>
internal static class ProgramLocations
{
    public static string RepositoryRoot { get; } = Resolve("RepositoryRoot");

    public static ProgramLocation Api { get; } = Of("FitTrack.Api");

    public static ProgramLocation Worker { get; } = Of("FitTrack.Worker");

    public static ProgramLocation Web { get; } = Of("FitTrack.Web");

    private static ProgramLocation Of(string project) => new(Resolve($"{project}.Assembly"), Resolve($"{project}.Folder"));

    private static string Resolve(string key) =>
        Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory,
            typeof(ProgramLocations).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == key).Value!));
}
