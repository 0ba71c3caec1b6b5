using System.Globalization;
using FitTrack.Core.Data;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

/// <summary>A mail in the drop.</summary>
/// <param name="Id">The file's name without ending.</param>
public sealed record DroppedMail(string Id, string To, string Subject, DateTimeOffset SentAt);

/// <summary>A mail in the drop with its two bodies. The HTML is whatever was written: show it in a sandbox.</summary>
public sealed record DroppedMailContent(DroppedMail Mail, string Text, string Html);

/// <summary>Mails as .eml files in a folder, for machines without a mail server; any mail program opens them.</summary>
public sealed class MailDrop(IOptions<MailOptions> options, TimeProvider clock) : IEmailSender
{
    private const string Ending = ".eml";

    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(options.Value.DropFolder);
        var now = clock.Now();
        var path = Path.Combine(folder.FullName, $"{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-{message.Id:N}{Ending}");
        // Renamed when whole, so that a reader never sees half a mail; the mail holds addresses and links that sign in.
        var unfinished = path + ".tmp";
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(unfinished, file))
            await writer.WriteAsync(MimeText.Write(message, options.Value, now).AsMemory(), ct);
        File.Move(unfinished, path, overwrite: true);
        return new SendOutcome.Sent();
    }

    /// <summary>The newest mails first.</summary>
    public async Task<List<DroppedMail>> ListAsync(int max, CancellationToken ct)
    {
        var folder = new DirectoryInfo(options.Value.DropFolder);
        if (!folder.Exists)
            return [];
        var mails = new List<DroppedMail>();
        foreach (var file in folder.EnumerateFiles("*" + Ending).OrderByDescending(f => f.Name, StringComparer.Ordinal).Take(max))
        {
            if (await ReadAsync(file, ct) is { } content)
                mails.Add(content.Mail);
        }

        return mails;
    }

    /// <summary>Null when there is no such mail.</summary>
    public async Task<DroppedMailContent?> FindAsync(string id, CancellationToken ct)
    {
        // The id becomes part of a path, so it may hold nothing that leads elsewhere.
        if (id.Length is 0 or > 80 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            return null;
        var file = new FileInfo(Path.Combine(options.Value.DropFolder, id + Ending));
        return file.Exists ? await ReadAsync(file, ct) : null;
    }

    private static async Task<DroppedMailContent?> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (MimeText.Read(await File.ReadAllTextAsync(file.FullName, ct)) is not var (headers, text, html))
            return null;
        var date = DateTimeOffset.TryParse(headers.GetValueOrDefault("Date"), CultureInfo.InvariantCulture, out var sent) ? sent : new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
        var mail = new DroppedMail(
            Path.GetFileNameWithoutExtension(file.Name), headers.GetValueOrDefault("To", "").Trim('<', '>'), headers.GetValueOrDefault("Subject", ""), date);
        return new DroppedMailContent(mail, text, html);
    }
}
