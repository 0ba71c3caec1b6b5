using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>
/// The workout history of MapMyFitness and MapMyRun. Units come from the header; without one the file is refused. Dates have no time of day;
/// files that went through a spreadsheet mix two styles of them and hold stray letters, which count as empty where nothing depends on them.
/// </summary>
internal static partial class MapMyFitnessCsv
{
    private const double MetersPerMile = 1609.344;
    private const double MaxMeters = 10_000_000;
    private const double MaxSeconds = 31 * 86_400;
    private const string Source = "import_mmf";

    private static readonly string[] DateFormats = ["MMM d, yyyy", "MMMM d, yyyy", "yyyy-MM-dd", "d-MMM-yy", "d-MMM-yyyy"];

    public static bool IsHeader(string line) => line.Contains("Workout Date", StringComparison.OrdinalIgnoreCase) && line.Contains("Workout Time", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="RefusedFileException">A column or a unit is missing.</exception>
    public static void Read(byte[] content, FileItems items)
    {
        using var csv = new CsvSource(content);
        var columns = new Columns(
            csv.Column("Workout Date"), csv.Column("Activity Type"), csv.Column("Distance"), csv.Column("Workout Time"), csv.Column("Avg Heart Rate"), csv.Column("Steps"), csv.Column("Link"));
        if (columns.Date < 0 || columns.Distance < 0 || columns.Seconds < 0)
            throw new RefusedFileException("The header lacks Workout Date, Distance or Workout Time.");
        var meters = csv.Unit(columns.Distance) switch
        {
            "km" => 1000,
            "mi" or "miles" => MetersPerMile,
            _ => throw new RefusedFileException("The header does not say whether distances are in miles or kilometres."),
        };
        if (csv.Unit(columns.Seconds) is not ("seconds" or "s"))
            throw new RefusedFileException("The header does not say that times are in seconds.");

        while (csv.Read())
            ReadRow(csv, columns, meters, items);
    }

    private static void ReadRow(CsvSource csv, Columns columns, double meters, FileItems items)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Row {csv.Line}: {csv.Cell(columns.Date)} {csv.Cell(columns.Type)}");
        var distance = csv.Cell(columns.Distance) is { } text ? Text.Number(text, MaxMeters / meters) : 0;
        var seconds = csv.Cell(columns.Seconds) is { } time ? Text.Number(time, MaxSeconds) : 0;
        if (csv.IsBroken)
        {
            items.Refuse(name, CsvSource.Broken);
        }
        else if (Day(csv.Cell(columns.Date)) is not { } day)
        {
            items.Refuse(name, "The workout date is no date.");
        }
        else if (distance is not { } length)
        {
            items.Refuse(name, "The distance is no number.");
        }
        else if (seconds is not { } duration)
        {
            items.Refuse(name, "The workout time is no number.");
        }
        else
        {
            items.Add(name, new ImportedWorkout
            {
                Source = Source,
                Key = Key(csv, columns),
                Sport = SportNames.Of(csv.Cell(columns.Type)),
                Day = day,
                ElapsedSeconds = duration,
                DistanceMeters = length * meters,
                AverageHeartRate = Text.HeartRate(csv.Cell(columns.HeartRate)),
                Steps = (int?)Text.Number(csv.Cell(columns.Steps), 200_000),
            });
        }
    }

    /// <summary>The number at the end of the link; without a link, the row itself.</summary>
    private static string Key(CsvSource csv, Columns columns)
    {
        if (csv.Cell(columns.Link) is { Length: <= 200 } link && LinkedNumber().Match(link) is { Success: true } number)
            return "mmf_" + number.Groups["id"].Value;
        return "mmf_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', csv.Cells))))[..32];
    }

    /// <summary>Months are abbreviated as newspapers do: Jan., Sept., but March and June.</summary>
    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Replace("Sept.", "Sep", StringComparison.OrdinalIgnoreCase).Replace(".", "", StringComparison.Ordinal), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    [GeneratedRegex(@"^https?://.*/workout/(?<id>\d{1,20})/?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkedNumber();

    private sealed record Columns(int Date, int Type, int Distance, int Seconds, int HeartRate, int Steps, int Link);
}
