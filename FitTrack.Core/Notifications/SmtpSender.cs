using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

/// <summary>Hands mails to an SMTP server, over TLS after STARTTLS unless the options allow plain text (a relay on the same machine).</summary>
internal sealed class SmtpSender(IOptions<MailOptions> options) : IEmailSender
{
    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(smtp.Timeout);
        try
        {
            using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls, DeliveryFormat = SmtpDeliveryFormat.SevenBit };
            if (!string.IsNullOrEmpty(smtp.UserName))
                client.Credentials = new NetworkCredential(smtp.UserName, smtp.Password);
            using var mail = Compose(message);
            await client.SendMailAsync(mail, patience.Token);
            return new SendOutcome.Sent();
        }
        catch (SmtpException e)
        {
            // The server's words may hold the address; its code does not.
            return IsFinal(e.StatusCode) ? new SendOutcome.Rejected($"SMTP {(int)e.StatusCode}.") : new SendOutcome.TryLater($"SMTP {(int)e.StatusCode} {e.InnerException?.GetType().Name}".TrimEnd() + ".");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new SendOutcome.TryLater("The mail server did not answer in time.");
        }
    }

    /// <summary>What is wrong with this mail or its address stays wrong; what is wrong with the server or our account there can be mended.</summary>
    private static bool IsFinal(SmtpStatusCode code) => code is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.UserNotLocalTryAlternatePath;

    private MailMessage Compose(EmailMessage message)
    {
        var (from, host) = (options.Value.FromAddress, options.Value.FromAddress[(options.Value.FromAddress.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        var mail = new MailMessage { From = new MailAddress(from, MailLayout.OneLine(options.Value.FromName), Encoding.UTF8), Subject = MailLayout.OneLine(message.Subject), SubjectEncoding = Encoding.UTF8 };
        mail.To.Add(new MailAddress(message.To));
        mail.Headers["Message-ID"] = $"<{message.Id:N}@{host}>";
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return mail;
    }
}
