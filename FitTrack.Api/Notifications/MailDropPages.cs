using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using FitTrack.Api.Http;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Notifications;

/// <summary>
/// Reads the mail drop in a browser, in Development only. What a mail holds is shown, never run: text is encoded, HTML stands in a
/// frame without any right, and the page's own policy lets nothing load.
/// </summary>
internal static class MailDropPages
{
    private const int Newest = 100;

    public static void MapMailDrop(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            return;
        var pages = app.MapGroup("/mail").ExcludeFromDescription().AllowAnonymous().DisableRateLimiting();
        pages.MapGet("", ListAsync);
        pages.MapGet("/{id}", ShowAsync);
    }

    private static async Task<ContentHttpResult> ListAsync(MailDrop drop, HttpContext context, CancellationToken ct)
    {
        var rows = new StringBuilder();
        foreach (var mail in await drop.ListAsync(Newest, ct))
        {
            rows.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(mail.SentAt.ToString("u", CultureInfo.InvariantCulture))}</td><td>{Text(mail.To)}</td><td><a href=\"/mail/{Text(mail.Id)}\">{Text(mail.Subject)}</a></td></tr>");
        }

        var body = rows.Length == 0
            ? "<p>No mail has been sent yet.</p>"
            : $"<table><thead><tr><th>Sent</th><th>To</th><th>Subject</th></tr></thead><tbody>{rows}</tbody></table>";
        return Page(context, "Mail drop", "<p>The newest come first, and by themselves.</p>" + body, """<meta http-equiv="refresh" content="5">""");
    }

    private static async Task<Results<ContentHttpResult, NotFoundProblem>> ShowAsync(string id, MailDrop drop, IOptions<MailOptions> options, HttpContext context, CancellationToken ct)
    {
        if (await drop.FindAsync(id, ct) is not { } content)
            return Problems.NotFound("There is no such mail.");
        var links = LinksOf(content.Text, options.Value.PublicUrl).Select(link => $"<li><a href=\"{Text(link)}\">{Text(link)}</a></li>");
        return Page(context, content.Mail.Subject, $"""
            <p><a href="/mail">All mails</a></p>
            <p>To {Text(content.Mail.To)}, {Text(content.Mail.SentAt.ToString("u", CultureInfo.InvariantCulture))}</p>
            <ul>{string.Concat(links)}</ul>
            <h2>HTML</h2>
            <iframe sandbox title="The mail as HTML" srcdoc="{Text(content.Html)}"></iframe>
            <h2>Text</h2>
            <pre>{Text(content.Text)}</pre>
            """);
    }

    /// <summary>Links to our own front end, as they stand in the text; any other stays text.</summary>
    private static IEnumerable<string> LinksOf(string text, string publicUrl) =>
        text.Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(publicUrl.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static ContentHttpResult Page(HttpContext context, string title, string body, string head = "")
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content($$"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8">{{head}}<title>{{Text(title)}}</title>
            <style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.4rem;border-bottom:1px solid #ccd}iframe{width:100%;height:22rem;border:1px solid #ccd}pre{white-space:pre-wrap}</style></head>
            <body><h1>{{Text(title)}}</h1>{{body}}</body>
            </html>
            """, MediaTypeNames.Text.Html, Encoding.UTF8);
    }

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
