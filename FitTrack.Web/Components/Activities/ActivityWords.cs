using System.Globalization;
using FitTrack.Web.Api;
using FitTrack.Web.Components.Shared;

namespace FitTrack.Web.Components.Activities;

/// <summary>Activities in words.</summary>
internal static class ActivityWords
{
    public static string Name(LoggedActivity a) => a.Title ?? Show.Words(a.Sport ?? a.ActivityType);

    /// <summary>How much of it there was: steps, or minutes and kilometres.</summary>
    public static string Length(LoggedActivity a) => a.ActivityType == "steps"
        ? Show.Text(Text.StepsOf, Show.Number(a.Steps ?? 0))
        : Minutes(a.DurationSeconds) + (a.DistanceMeters is > 0 and { } meters ? ", " + Kilometres(meters) : "");

    public static string Minutes(long seconds)
    {
        var minutes = (seconds + 30) / 60;
        return minutes < 90 ? Show.Text(Text.Minutes, minutes) : Show.Text(Text.HoursMinutes, minutes / 60, minutes % 60);
    }

    public static string Kilometres(double meters) => Show.Text(Text.Kilometres, Show.Number(meters / 1000, 2));

    public static string Sum(ReceiptSum sum) => Show.Text(
        Text.SumOf, Show.Number(sum.VigorousSeconds / 60.0, 1), Show.Number(sum.ModerateSeconds / 60.0, 1), Show.Number(sum.LightSeconds / 60.0, 1), Show.Number(sum.Steps), sum.Bonuses, Show.Number(sum.Points));

    /// <summary>As a date field takes it.</summary>
    public static string? Date(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
