using System.Globalization;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>
/// <c>activities.csv</c> of Strava's bulk export. Several names stand twice in its header: the first Distance is for people (kilometres, or
/// nautical miles), the second is in metres, and only that one is read. Dates are UTC.
/// </summary>
internal static class StravaCsv
{
    private const double MaxMeters = 10_000_000;
    private const double MaxSeconds = 31 * 86_400;
    private const string Source = "import_strava";

    private static readonly string[] DateFormats = ["MMM d, yyyy, h:mm:ss tt", "MMM d, yyyy, H:mm:ss", "d MMM yyyy, HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];

    public static bool IsHeader(string line) => line.Contains("Activity ID", StringComparison.OrdinalIgnoreCase) && line.Contains("Activity Date", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="RefusedFileException">A column is missing.</exception>
    public static void Read(byte[] content, FileItems items)
    {
        using var csv = new CsvSource(content);
        var columns = new Columns(
            csv.Column("Activity ID"), csv.Column("Activity Date"), csv.Column("Activity Name"), csv.Column("Activity Type"),
            csv.Column("Elapsed Time"), csv.Column("Moving Time"), csv.Column("Distance", occurrence: 1), csv.Column("Average Heart Rate"));
        if (columns.Id < 0 || columns.Date < 0 || columns.Elapsed < 0 || columns.Meters < 0)
            throw new RefusedFileException("The header lacks Activity ID, Activity Date, Elapsed Time or the second Distance, which is in metres.");
        while (csv.Read())
            ReadRow(csv, columns, items);
    }

    private static void ReadRow(CsvSource csv, Columns columns, FileItems items)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Row {csv.Line}: {csv.Cell(columns.Name) ?? csv.Cell(columns.Id)}");
        var meters = csv.Cell(columns.Meters) is { } distance ? Text.Number(distance, MaxMeters) : 0;
        var elapsed = Text.Number(csv.Cell(columns.Elapsed), MaxSeconds);
        if (csv.IsBroken)
        {
            items.Refuse(name, CsvSource.Broken);
        }
        else if (csv.Cell(columns.Id) is not { Length: <= 20 } id || !id.All(char.IsAsciiDigit))
        {
            items.Refuse(name, "The activity id is no number.");
        }
        else if (!DateTimeOffset.TryParseExact(csv.Cell(columns.Date), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var startedAt))
        {
            items.Refuse(name, "The activity date is no date.");
        }
        else if (elapsed is null || meters is null)
        {
            items.Refuse(name, "The elapsed time or the distance is no number.");
        }
        else
        {
            items.Add(name, new ImportedWorkout
            {
                Source = Source,
                Key = "strava_" + id,
                Sport = SportNames.Of(csv.Cell(columns.Type)),
                Title = Text.Line(csv.Cell(columns.Name), Activity.MaxTitle),
                StartedAt = startedAt,
                ElapsedSeconds = elapsed.Value,
                MovingSeconds = Text.Number(csv.Cell(columns.Moving), MaxSeconds),
                DistanceMeters = meters,
                AverageHeartRate = Text.HeartRate(csv.Cell(columns.HeartRate)),
            });
        }
    }

    private sealed record Columns(int Id, int Date, int Name, int Type, int Elapsed, int Moving, int Meters, int HeartRate);
}
