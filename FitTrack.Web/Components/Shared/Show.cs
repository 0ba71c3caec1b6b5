using System.Globalization;

namespace FitTrack.Web.Components.Shared;

/// <summary>Numbers, times and sentences as members read them, in the request's culture.</summary>
internal static class Show
{
    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>With at most that many digits after the point.</summary>
    public static string Number(double value, int digits) => value.ToString("#,0." + new string('#', digits), CultureInfo.CurrentCulture);

    /// <summary>A number that says which way it goes: +90, −40.</summary>
    public static string Signed(long value) => value > 0 ? "+" + Number(value) : Number(value).Replace('-', '−');

    /// <summary>US dollars; cents only where there are some.</summary>
    public static string Money(long cents) => "$" + (cents / 100m).ToString(cents % 100 == 0 ? "N0" : "N2", CultureInfo.CurrentCulture);

    public static string Date(DateOnly date) => date.ToString("MMM d, yyyy", CultureInfo.CurrentCulture);

    public static string At(DateTimeOffset time, bool withYear = false) =>
        time.ToUniversalTime().ToString(withYear ? "MMM d, yyyy, HH:mm 'UTC'" : "MMM d, HH:mm 'UTC'", CultureInfo.CurrentCulture);

    /// <summary>A string of a Text.resx with its places filled.</summary>
    public static string Text(string format, params object?[] values) => string.Format(CultureInfo.CurrentCulture, format, values);

    /// <summary>A code of the Api in words: <c>outdoor_run</c> becomes "Outdoor run".</summary>
    public static string Words(string code) => code.Length == 0 ? code : code == "hiit" ? "HIIT" : char.ToUpper(code[0], CultureInfo.CurrentCulture) + code[1..].Replace('_', ' ');
}
