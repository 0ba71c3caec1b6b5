using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

/// <summary>Configuration section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    internal const string LocalPages = "http://localhost:5080";

    /// <summary>Where mails are written as .eml files when nothing sends them, which Production refuses. Relative to the working directory.</summary>
    [Required]
    public string DropFolder { get; set; } = Path.Combine(".fittrack", "mail");

    /// <summary>The sender's address.</summary>
    [Required, EmailAddress]
    public string FromAddress { get; set; } = "no-reply@fittrack.example";

    [Required]
    public string FromName { get; set; } = "FitTrack";

    /// <summary>The front end's address: links in mails begin with it, and sign-ins at providers come back to it. Production wants it set.</summary>
    [Required, Url]
    public string PublicUrl { get; set; } = LocalPages;

    /// <summary>After so many failed attempts a mail is given up.</summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>How often the outbox is looked at when nothing wakes the Worker.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one process keeps a mail from the others while it sends it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:30:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    [ValidateObjectMembers]
    public SmtpOptions Smtp { get; set; } = new();

    [ValidateObjectMembers]
    public SendGridOptions SendGrid { get; set; } = new();

    /// <summary>The address of a page of the front end.</summary>
    internal string Link(string path) => $"{PublicUrl.TrimEnd('/')}/{path}";
}

/// <summary>Configuration section <c>Mail:Smtp</c>; mails go there when the host is set. Empty is not set.</summary>
public sealed class SmtpOptions
{
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Refuses to speak without TLS. Off only for a relay on the same machine.</summary>
    public bool StartTls { get; set; } = true;

    public string? UserName { get; set; }

    /// <summary>Secret.</summary>
    public string? Password { get; set; }

    [Range(typeof(TimeSpan), "00:00:01", "00:01:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Configuration section <c>Mail:SendGrid</c>; mails go there when the key is set. Empty is not set.</summary>
public sealed class SendGridOptions
{
    /// <summary>Secret.</summary>
    public string? ApiKey { get; set; }

    [Required]
    public Uri Url { get; set; } = new("https://api.sendgrid.com");
}

internal sealed class MailOptionsValidator(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (options is { Smtp.Host.Length: > 0, SendGrid.ApiKey.Length: > 0 })
            return ValidateOptionsResult.Fail("Mail:Smtp:Host and Mail:SendGrid:ApiKey are both set; mails go one way only.");
        if (environment.IsProduction() && options is { Smtp.Host: null or "", SendGrid.ApiKey: null or "" })
            return ValidateOptionsResult.Fail("Nothing sends mails, so nobody could confirm an address or reset a password. Set Mail:Smtp:Host or Mail:SendGrid:ApiKey.");
        if (environment.IsProduction() && options.PublicUrl == MailOptions.LocalPages)
            return ValidateOptionsResult.Fail("Mail:PublicUrl is not set. Set the address at which members reach the pages: mails and sign-ins at trackers lead there.");
        return options.Smtp is { UserName.Length: > 0, StartTls: false }
            ? ValidateOptionsResult.Fail("Mail:Smtp:UserName is set without Mail:Smtp:StartTls; a password does not travel in the clear.")
            : ValidateOptionsResult.Success;
    }
}
