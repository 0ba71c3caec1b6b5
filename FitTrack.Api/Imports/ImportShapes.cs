using FitTrack.Core.Activities;
using FitTrack.Core.Imports;

namespace FitTrack.Api.Imports;

/// <param name="File">GPX, TCX, FIT, a CSV export of MapMyFitness or Strava, or a zip of these; at most 25 MB. Its content tells what it is.</param>
/// <param name="Kind">The sport of what the file gives none for, such as <c>hiking</c>; what the file says comes first.</param>
public sealed record ImportUpload(IFormFile File, string? Kind);

/// <summary>One thing of the file.</summary>
/// <param name="Item">What the file calls it.</param>
/// <param name="Outcome"><c>added</c>, <c>updated</c>, <c>skipped</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it was skipped or failed.</param>
public sealed record ImportLogLine(string Item, ImportOutcome Outcome, string? Reason);

/// <summary>An activity that the batch added or updated.</summary>
/// <param name="Id">Its id under <c>/activities</c>.</param>
/// <param name="Kind">The sport, such as <c>running</c>; <c>unknown</c> where the file says none.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="DurationSeconds">From start to end, pauses included.</param>
/// <param name="MovingSeconds">Of it in motion.</param>
/// <param name="DistanceMeters">Where known.</param>
/// <param name="AverageHeartRate">Beats a minute, where known.</param>
/// <param name="Points">Always 0: files complete the log and earn nothing.</param>
public sealed record ImportActivity(
    Guid Id, string? Kind, DateTimeOffset StartedAt, long DurationSeconds, int MovingSeconds, double? DistanceMeters, double? AverageHeartRate, int Points)
{
    internal static ImportActivity Of(ImportedActivity a) => new(
        a.Id, a.Sport, a.StartedAt, (long)Math.Round((a.EndedAt - a.StartedAt).TotalSeconds, MidpointRounding.AwayFromZero), a.LengthSeconds, a.DistanceMeters, a.AverageHeartRate, a.Points);
}

/// <summary>A batch in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What the file is.</param>
/// <param name="FileName">As it was sent.</param>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>completed</c>, or <c>failed</c> when nothing could be taken.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Added">New activities.</param>
/// <param name="Updated">Activities that the file says more about.</param>
/// <param name="Skipped">What is in the log already.</param>
/// <param name="Failed">What was refused.</param>
/// <param name="CreatedAt">When the file came.</param>
/// <param name="FinishedAt">When it was read.</param>
public sealed record ImportItem(
    Guid Id, ImportKind Kind, string? FileName, ImportStatus Status, string? Error, int Added, int Updated, int Skipped, int Failed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    internal static ImportItem Of(ImportBatch b) => new(b.Id, b.Kind, b.FileName, b.Status, b.Error, b.Added, b.Updated, b.Skipped, b.Failed, b.CreatedAt, b.FinishedAt);
}

/// <summary>A batch with its log; see <see cref="ImportItem"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What the file is.</param>
/// <param name="FileName">As it was sent.</param>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>completed</c>, or <c>failed</c> when nothing could be taken.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Added">New activities.</param>
/// <param name="Updated">Activities that the file says more about.</param>
/// <param name="Skipped">What is in the log already.</param>
/// <param name="Failed">What was refused.</param>
/// <param name="CreatedAt">When the file came.</param>
/// <param name="FinishedAt">When it was read.</param>
/// <param name="Log">Item by item, in the order of the file.</param>
/// <param name="Activities">What it added and updated and is still in the log, by start.</param>
public sealed record ImportView(
    Guid Id, ImportKind Kind, string? FileName, ImportStatus Status, string? Error, int Added, int Updated, int Skipped, int Failed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<ImportLogLine> Log, IReadOnlyList<ImportActivity> Activities)
{
    internal static ImportView Of(ImportBatch b, IEnumerable<ImportLogEntry> log, IEnumerable<ImportedActivity> activities) => new(
        b.Id, b.Kind, b.FileName, b.Status, b.Error, b.Added, b.Updated, b.Skipped, b.Failed, b.CreatedAt, b.FinishedAt,
        [.. log.Select(l => new ImportLogLine(l.Item, l.Outcome, l.Reason))], [.. activities.Select(ImportActivity.Of)]);
}
