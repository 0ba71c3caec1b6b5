using System.Globalization;

namespace FitTrack.Core.Imports;

/// <summary>Text and numbers out of files that anybody may have written.</summary>
internal static class Text
{
    /// <summary>One line without control characters, at most so long; null when nothing is left.</summary>
    public static string? Line(ReadOnlySpan<char> text, int max)
    {
        var line = string.Concat(text[..Math.Min(text.Length, max * 2)].ToString().Where(c => !char.IsControl(c))).Trim();
        if (line.Length > max)
            line = line[..max];
        // Half a character is none, and databases refuse it.
        if (line.Length > 0 && char.IsHighSurrogate(line[^1]))
            line = line[..^1];
        return line.Length == 0 ? null : line;
    }

    /// <summary>A plain decimal number from 0 to the bound; null for anything else: NaN, infinity, a formula, a comma.</summary>
    public static double? Number(ReadOnlySpan<char> text, double max) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= max ? number : null;

    /// <summary>Beats a minute; 0 means none.</summary>
    public static double? HeartRate(ReadOnlySpan<char> text) => Number(text, 300) is { } rate and > 0 ? rate : null;

    /// <summary>ISO 8601 date and time, to the microsecond. Without a zone it is UTC, as every such file we know means it.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim();
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':'
            || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)
            || year is < 1800 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var rest = text[19..];
        if (!Fraction(ref rest, out var microseconds) || !Offset(rest, out var offset))
            return false;
        time = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).AddSeconds(second).AddMicroseconds(microseconds) - offset;
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = (number * 10) + (c - '0');
        }

        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<char> text, out int microseconds)
    {
        microseconds = 0;
        if (text.Length == 0 || text[0] is not ('.' or ','))
            return true;
        var digits = 1;
        for (var unit = 100_000; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++, unit /= 10)
            microseconds += unit * (text[digits] - '0');
        text = text[digits..];
        return digits > 1;
    }

    private static bool Offset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text.Length == 0 || text is "Z" or "z")
            return true;
        if (text[0] is not ('+' or '-') || text.Length is not (3 or 5 or 6) || (text.Length == 6 && text[3] != ':')
            || !Digits(text[1..3], out var hours) || !Digits(text.Length == 3 ? "" : text[^2..], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
