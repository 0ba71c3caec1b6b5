using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Notifications;

/// <summary>Configuration section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Where mails are written as .eml files when nothing sends them. Relative to the working directory.</summary>
    [Required]
    public string DropFolder { get; set; } = Path.Combine(".fittrack", "mail");

    /// <summary>The sender's address.</summary>
    [Required, EmailAddress]
    public string FromAddress { get; set; } = "no-reply@fittrack.example";

    [Required]
    public string FromName { get; set; } = "FitTrack";

    /// <summary>The front end's address, which links in mails begin with.</summary>
    [Required, Url]
    public string PublicUrl { get; set; } = "http://localhost:5080";

    /// <summary>After so many failed attempts a mail is given up.</summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>How often the outbox is looked at when nothing wakes the Worker.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one process keeps a mail from the others while it sends it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:30:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The address of a page of the front end.</summary>
    internal string Link(string path) => $"{PublicUrl.TrimEnd('/')}/{path}";
}
