using FitTrack.Core.Activities;
using FitTrack.Core.Imports;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

/// <summary>Reads files as the Worker does.</summary>
internal static class Decoded
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<FileItem> Items(byte[] content) => ImportedFile.Read(content, "file", Now);

    public static IReadOnlyList<FileItem> Items(string content) => Items(SampleFiles.Bytes(content));

    public static List<ImportedWorkout> Workouts(byte[] content) => [.. Items(content).Select(i => i.Workout ?? throw new InvalidOperationException(i.Refusal))];

    public static List<ImportedWorkout> Workouts(string content) => Workouts(SampleFiles.Bytes(content));

    public static ImportedWorkout One(byte[] content) => Assert.Single(Workouts(content));

    public static ImportedWorkout One(string content) => One(SampleFiles.Bytes(content));

    /// <summary>Why a file is refused, as a whole or its only item.</summary>
    public static string Refusal(byte[] content)
    {
        try
        {
            var item = Assert.Single(Items(content));
            Assert.Null(item.Workout);
            return item.Refusal!;
        }
        catch (RefusedFileException refusal)
        {
            return refusal.Message;
        }
    }

    public static string Refusal(string content) => Refusal(SampleFiles.Bytes(content));
}
