namespace FitTrack.Core.Accounts;

/// <summary>A device as its owner would call it: "Firefox on Windows". Versions are left out, so that an update is no new device.</summary>
public static class DeviceName
{
    private const string Unknown = "Unknown device";

    /// <summary>The first that the text holds decides: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return Unknown;
        var (browser, system) = (Find(Browsers, userAgent), Find(Systems, userAgent));
        return (browser, system) switch
        {
            (not null, not null) => $"{browser} on {system}",
            ({ } one, null) => one,
            (null, { } one) => one,
            _ => Program(userAgent),
        };
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        Array.Find(known, k => userAgent.Contains(k.Mark, StringComparison.OrdinalIgnoreCase)).Name;

    /// <summary>The name before the version: <c>curl/8.5.0</c>.</summary>
    private static string Program(string userAgent)
    {
        var name = string.Concat(userAgent.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(40));
        return name.Length > 0 ? name : Unknown;
    }
}
