using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Notifications;

public sealed class MailTests
{
    private static readonly Guid Drawing = new("01936f1e-0000-7000-8000-000000000001");
    private static readonly Guid Prize = new("01936f1e-0000-7000-8000-000000000002");

    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly MailTemplates _templates;

    public MailTests() => _templates = new(Options.Create(new MailOptions { PublicUrl = "https://fittrack.example/" }), _protection);

    [Fact]
    public void Render_WhenNamesHoldMarkup_EncodesThemInHtmlOnly()
    {
        var mail = Render(MailTypes.DrawingWon, new DrawingWonMail(Drawing, Prize, "<img src=x onerror=alert(1)>", "A \"bike\" & more", 1, DateTimeOffset.UnixEpoch, IsAlternate: false));
        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<img src=x onerror=alert(1)>", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://fittrack.example/verify/?drawing={Drawing}", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WhenAPrizeHoldsLineBreaks_KeepsTheSubjectOnOneLine()
    {
        var mail = Render(MailTypes.PrizeDelivered, new PrizeDeliveredMail(Drawing, Prize, "D", "Card\r\nBcc: thief@example.com", 1, Sealed("AMZN")));
        Assert.DoesNotContain('\n', mail.Subject);
        Assert.DoesNotContain('\r', mail.Subject);
    }

    [Fact]
    public void Render_WhenADigitalPrizeIsWon_BringsTheCodeThatTheOutboxHoldsSealed()
    {
        var payload = new PrizeDeliveredMail(Drawing, Prize, "Daily", "Gift card", 1, Sealed("AMZN-<7Q>"));
        Assert.DoesNotContain("AMZN", JsonSerializer.Serialize(payload), StringComparison.Ordinal);
        var mail = Render(MailTypes.PrizeDelivered, payload);
        Assert.Contains("Your code: AMZN-<7Q>", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<code>AMZN-&lt;7Q&gt;</code>", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OfAPrizesWay_LinksToWhereItsReaderCanActAndSaysTheSameInBothParts()
    {
        var until = new DateTimeOffset(2026, 12, 2, 14, 0, 0, TimeSpan.Zero);
        (MailContent Mail, string[] Says)[] mails =
        [
            (Render(MailTypes.DrawingWon, new DrawingWonMail(Drawing, Prize, "Daily", "Bike", 2, until, IsAlternate: true)), [$"https://fittrack.example/prizes/{Prize}", "December 2, 2026, 2:00 PM UTC", "drawn as an alternate"]),
            (Render(MailTypes.PrizeReminder, new PrizeReminderMail(Prize, "Daily", "Bike", until)), [$"https://fittrack.example/prizes/{Prize}", "December 2, 2026, 2:00 PM UTC"]),
            (Render(MailTypes.PrizeShipped, new PrizeShippedMail("Daily", "Bike", "UPS", "1Z999")), ["https://fittrack.example/prizes", "with UPS, tracking number 1Z999"]),
            (Render(MailTypes.PrizeArrived, new PrizeArrivedMail("Daily", "Bike")), ["https://fittrack.example/prizes", "has been delivered"]),
            (Render(MailTypes.PrizeForfeited, new PrizeForfeitedMail(Drawing, "Daily", "Bike", "No address was given")), [$"https://fittrack.example/drawings/{Drawing}/rules", "The reason: No address was given."]),
            (Render(MailTypes.PrizeToShip, new PrizeToShipMail(Prize, "Daily", "Bike")), [$"https://fittrack.example/admin/fulfillments/{Prize}", "has given an address"]),
            (Render(MailTypes.PrizeValue, new PrizeValueMail(2026, 400_000, 500_000, "Daily with a Bike")), ["https://fittrack.example/admin/drawings", "$4,000.00", "$5,000.00"]),
            (Render(MailTypes.PrizeReturned, new PrizeReturnedMail(Prize, "Daily", "Bike")), [$"https://fittrack.example/admin/fulfillments/{Prize}", "goes back to its sponsor"]),
        ];

        Assert.All(mails, m =>
        {
            foreach (var body in new[] { m.Mail.Text, m.Mail.Html }) Assert.All([.. m.Says, "Daily", "Bike"], said => Assert.Contains(said, body, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Render_WhenCompleted_ListsWinnersAndHidesWhoHides()
    {
        var mail = Render(MailTypes.DrawingCompleted, new DrawingCompletedMail(Drawing, "Daily", 120, [new(1, "Bike", "Early <Runner>", 7), new(2, "Cap", null, 99)]));
        Assert.Contains("<li>1. Bike: <b>Early &lt;Runner&gt;</b>, ticket 7</li>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("2. Cap: Hidden member, ticket 99", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailTypes.DrawingClosed, """{"drawingId":"01936f1e-0000-7000-8000-000000000001","drawingName":"Daily","manifestHash":"abc123","drawAt":"2026-11-18T20:00:00Z"}""", "abc123")]
    [InlineData(MailTypes.LockedOut, """{"at":"2026-11-18T20:00:00Z"}""", "November 18, 2026, 8:00 PM UTC")]
    [InlineData(MailTypes.NewDevice, """{"device":"Firefox on Windows","ipAddress":"203.0.113.7","at":"2026-11-18T20:00:00Z"}""", "Firefox on Windows, from 203.0.113.7")]
    [InlineData(MailTypes.SecurityChanged, """{"change":0,"at":"2026-11-18T20:00:00Z"}""", "The password of your account was changed")]
    [InlineData(MailTypes.PrizeShipped, """{"drawingName":"Daily","prizeName":"Bike","carrier":"UPS","trackingNumber":"1Z"}""", "tracking number 1Z")]
    public void Render_WhenPayloadComesFromAFeature_ShowsIt(string type, string payload, string expected) =>
        Assert.Contains(expected, _templates.Render(type, payload)!.Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(MailTypes.VerifyEmail, "https://fittrack.example/verify-email?token=secret-token")]
    [InlineData(MailTypes.ResetPassword, "https://fittrack.example/reset-password?token=secret-token")]
    public void Render_WhenMailHoldsALink_ShowsItInBothParts(string type, string link)
    {
        var token = _protection.CreateProtector(AccountLinks.ProtectionPurpose).Protect("secret-token");
        var mail = Render(type, new LinkMail(token, new DateTimeOffset(2026, 11, 18, 20, 0, 0, TimeSpan.Zero)));
        Assert.All([mail.Text, mail.Html], body => Assert.Contains(link, body, StringComparison.Ordinal));
        Assert.All([mail.Text, mail.Html], body => Assert.Contains("November 18, 2026, 8:00 PM UTC", body, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_WhenTypeIsUnknownOrPayloadBroken_SaysSo()
    {
        Assert.Null(_templates.Render("nothing", "{}"));
        Assert.ThrowsAny<JsonException>(() => _templates.Render(MailTypes.DrawingWon, "[]"));
    }

    [Fact]
    public void Mime_WhenReadBack_IsTheSameMail()
    {
        var message = new EmailMessage(Guid.NewGuid(), "runner@example.com", "You won: Fährrad 🚲 und noch viel mehr als in eine Zeile passt", "Text\nwith ümläuts", "<p>ümläuts</p>");
        var mime = MimeText.Write(message, new MailOptions(), DateTimeOffset.UnixEpoch);
        Assert.All(mime.Split("\r\n"), line => Assert.True(line.Length <= 998 && System.Text.Ascii.IsValid(line), line));
        var (headers, text, html) = MimeText.Read(mime)!.Value;
        Assert.Equal((message.Subject, message.Text, message.Html), (headers["Subject"], text, html));
        Assert.Equal("<runner@example.com>", headers["To"]);
        Assert.Equal("Thu, 01 Jan 1970 00:00:00 +0000", headers["Date"]);
    }

    [Fact]
    public void Mime_WhenAHeaderHoldsLineBreaks_StaysOneHeader()
    {
        var mime = MimeText.Write(new EmailMessage(Guid.NewGuid(), "a@example.com\r\nBcc: b@example.com", "S\r\nX-Evil: 1", "t", "h"), new MailOptions(), DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain("\r\nBcc:", mime, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\r\nX-Evil:", mime, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Backoff_WhenAttemptsGrow_DoublesFrom30SecondsTo6Hours()
    {
        Assert.Equal([30, 60, 120, 240], Enumerable.Range(1, 4).Select(n => (int)OutboxDelivery.Backoff(n, 0).TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(6), OutboxDelivery.Backoff(11, 0));
        Assert.Equal(TimeSpan.FromHours(6), OutboxDelivery.Backoff(1000, 0));
        Assert.Equal(33, OutboxDelivery.Backoff(1, 1).TotalSeconds, precision: 6);
    }

    private string Sealed(string code) => _protection.CreateProtector(FulfillmentSecrets.CodePurpose).Protect(code);

    private MailContent Render(string type, object payload) => _templates.Render(type, JsonSerializer.Serialize(payload, JsonSerializerOptions.Web))!;
}
