using System.Globalization;
using FitTrack.Web.Api;
using FitTrack.Web.Components.Shared;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>When a template draws, in words.</summary>
internal static class TemplateWords
{
    public static (string Value, string Text)[] Months => [("", "–"), .. Enumerable.Range(1, 12).Select(m => (m.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture.DateTimeFormat.GetMonthName(m)))];

    public static string Rhythm(DrawingTemplate template)
    {
        var (names, time) = (CultureInfo.CurrentCulture.DateTimeFormat, template.DrawTime.ToString("HH:mm", CultureInfo.CurrentCulture));
        return template.Type switch
        {
            "weekly" => Show.Text(Text.EveryWeek, names.GetDayName((DayOfWeek)(template.Day.GetValueOrDefault() % 7)), time),
            "monthly" => Show.Text(Text.EveryMonth, template.Day, time),
            "annual" => Show.Text(Text.EveryYear, names.GetMonthName(template.Month.GetValueOrDefault(1)), template.Day, time),
            _ => Show.Text(Text.EveryDay, time),
        };
    }
}
