using System.Globalization;
using System.Text.Encodings.Web;

namespace FitTrack.Core.Notifications;

/// <summary>A rendered mail.</summary>
internal sealed record MailContent(string Subject, string Text, string Html);

/// <summary>
/// What all mails look like. Values come from people: in HTML each is encoded as it goes in, and headers stay on one line, so that a
/// name can neither add markup nor another recipient.
/// </summary>
internal static class MailLayout
{
    public static MailContent Compose(string subject, FormattableString text, FormattableString html) => new(OneLine(subject), text.ToString(CultureInfo.InvariantCulture), $$"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{{Encode(subject)}}</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;color:#1c2430;max-width:34rem;margin:2rem auto;padding:0 1rem}.button{display:inline-block;padding:.6rem 1.2rem;border-radius:.4rem;background:#0b6e4f;color:#fff;text-decoration:none}</style></head>
        <body>
        {{Html(html).Text}}
        <p>FitTrack</p>
        </body>
        </html>
        """);

    /// <summary>A piece of HTML whose values are encoded; used as a value itself it stays as it is.</summary>
    public static Markup Html(FormattableString html) =>
        new(string.Format(CultureInfo.InvariantCulture, html.Format, Array.ConvertAll(html.GetArguments(), Encode)));

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p.Text)));

    /// <summary>The value without line breaks or other control characters.</summary>
    public static string OneLine(string value) => value.Any(char.IsControl) ? string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c)) : value;

    public static string At(DateTimeOffset time) => time.UtcDateTime.ToString("MMMM d, yyyy, h:mm tt 'UTC'", CultureInfo.InvariantCulture);

    private static object? Encode(object? value) => value switch
    {
        null => null,
        Markup markup => markup.Text,
        _ => HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    /// <summary>HTML that needs no more encoding.</summary>
    internal readonly record struct Markup(string Text);
}
