using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Notifications;

/// <summary>Hands mails to SendGrid (v3 Mail Send). Its client brings the time-outs and the circuit breaker of all; trying again is the outbox's part.</summary>
internal sealed class SendGridSender(HttpClient http, IOptions<MailOptions> options) : IEmailSender
{
    public async Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct)
    {
        var mail = options.Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(mail.SendGrid.Url, "v3/mail/send"))
        {
            Content = JsonContent.Create(new
            {
                personalizations = new[] { new { to = new[] { new { email = message.To } } } },
                from = new { email = mail.FromAddress, name = mail.FromName },
                subject = message.Subject,
                content = new[] { new { type = MediaTypeNames.Text.Plain, value = message.Text }, new { type = MediaTypeNames.Text.Html, value = message.Html } },
                // Links are single-use: a scanner that follows a rewritten one would use it up.
                tracking_settings = new { click_tracking = new { enable = false, enable_text = false }, open_tracking = new { enable = false } },
                custom_args = new { message_id = message.Id },
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", mail.SendGrid.ApiKey);
        try
        {
            using var response = await http.SendAsync(request, ct);
            var reason = $"SendGrid answered {(int)response.StatusCode}.";
            return response.StatusCode switch
            {
                HttpStatusCode.Accepted or HttpStatusCode.OK => new SendOutcome.Sent(),
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => new SendOutcome.Rejected(reason),
                // A wrong key (401, 403) can be put right, and the mails wait for it.
                _ => new SendOutcome.TryLater(reason),
            };
        }
        catch (HttpRequestException e)
        {
            return new SendOutcome.TryLater($"SendGrid could not be reached: {e.HttpRequestError}.");
        }
    }
}
