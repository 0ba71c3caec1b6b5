using System.Globalization;
using System.Net.Mime;
using System.Text;

namespace FitTrack.Core.Notifications;

/// <summary>A mail as text (RFC 5322, multipart/alternative with base64 parts), for files and for SMTP.</summary>
internal static class MimeText
{
    private const int LineLength = 76;

    public static string Write(EmailMessage message, MailOptions options, DateTimeOffset date)
    {
        var boundary = $"=_{message.Id:N}";
        var host = options.FromAddress[(options.FromAddress.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var text = new StringBuilder(2048);
        Header(text, "Date", date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header(text, "From", $"{Encoded(options.FromName)} <{options.FromAddress}>");
        Header(text, "To", $"<{message.To}>");
        Header(text, "Subject", Encoded(message.Subject));
        Header(text, "Message-ID", $"<{message.Id:N}@{host}>");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        text.Append("\r\n");
        Part(text, boundary, MediaTypeNames.Text.Plain, message.Text);
        Part(text, boundary, MediaTypeNames.Text.Html, message.Html);
        return text.Append("--").Append(boundary).Append("--\r\n").ToString();
    }

    /// <summary>Reads back what <see cref="Write"/> wrote; null for any other file.</summary>
    public static (Dictionary<string, string> Headers, string Text, string Html)? Read(string mime)
    {
        var end = mime.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in mime[..end].Split("\r\n"))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
                headers[line[..colon]] = Decoded(line[(colon + 1)..].Trim());
        }

        return Body(mime, MediaTypeNames.Text.Plain) is { } text && Body(mime, MediaTypeNames.Text.Html) is { } html ? (headers, text, html) : null;
    }

    /// <summary>One line, whatever the value holds: a line break would begin another header.</summary>
    private static void Header(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(MailLayout.OneLine(value)).Append("\r\n");

    private static void Part(StringBuilder text, string boundary, string type, string content)
    {
        text.Append("--").Append(boundary).Append("\r\n");
        Header(text, "Content-Type", $"{type}; charset=utf-8");
        Header(text, "Content-Transfer-Encoding", "base64");
        text.Append("\r\n");
        foreach (var line in Convert.ToBase64String(Encoding.UTF8.GetBytes(content)).Chunk(LineLength))
            text.Append(line).Append("\r\n");
    }

    private static string? Body(string mime, string type)
    {
        var part = mime.IndexOf($"\r\nContent-Type: {type}", StringComparison.Ordinal);
        var begin = part < 0 ? -1 : mime.IndexOf("\r\n\r\n", part, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : mime.IndexOf("\r\n--", begin, StringComparison.Ordinal);
        if (end < 0)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(mime[begin..end]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Text outside ASCII as RFC 2047 encoded words of at most 75 characters each.</summary>
    private static string Encoded(string value)
    {
        value = MailLayout.OneLine(value);
        if (Ascii.IsValid(value))
            return value;
        // 11 characters take at most 44 bytes, 60 characters of base64; with =?utf-8?B??= that is 72. Surrogate pairs stay together.
        var words = new List<string>();
        for (var i = 0; i < value.Length;)
        {
            var length = Math.Min(11, value.Length - i);
            if (i + length < value.Length && char.IsHighSurrogate(value[i + length - 1]))
                length--;
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Substring(i, length)))}?=");
            i += length;
        }

        return string.Join(' ', words);
    }

    private static string Decoded(string value)
    {
        const string Prefix = "=?utf-8?B?";
        if (!value.StartsWith(Prefix, StringComparison.Ordinal))
            return value;
        var text = new StringBuilder();
        foreach (var word in value.Split(' '))
        {
            if (!word.StartsWith(Prefix, StringComparison.Ordinal) || !word.EndsWith("?=", StringComparison.Ordinal))
                return value;
            text.Append(Encoding.UTF8.GetString(Convert.FromBase64String(word[Prefix.Length..^2])));
        }

        return text.ToString();
    }
}
