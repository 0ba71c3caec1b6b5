using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Notifications;

public sealed partial class SmtpSenderTests
{
    private static readonly EmailMessage Mail = new(Guid.NewGuid(), "runner@example.com", "Grüße: you won\r\nBcc: thief@example.com", "Text with ümläuts\n.\nand a dot", "<p>HTML with ümläuts</p>");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_WhenServerTakesIt_CarriesBothBodiesAndOneRecipient()
    {
        await using var server = new SmtpServer();
        Assert.IsType<SendOutcome.Sent>(await Sender(server, startTls: false).SendAsync(Mail, Ct));

        var sent = Assert.Single(server.Mails);
        Assert.Contains("<runner@example.com>", sent.To, StringComparison.Ordinal);
        Assert.Contains("<no-reply@fittrack.example>", sent.From, StringComparison.Ordinal);
        Assert.Single(server.Commands, c => c.StartsWith("RCPT", StringComparison.Ordinal));
        Assert.DoesNotMatch("(?m)^Bcc:", sent.Data);
        Assert.Contains($"<{Mail.Id:N}@fittrack.example>", sent.Data, StringComparison.Ordinal);
        Assert.Contains("multipart/alternative", sent.Data, StringComparison.Ordinal);
        Assert.All(sent.Data.Split("\r\n"), line => Assert.True(Ascii.IsValid(line) && line.Length <= 998, line));
        var bodies = Base64Body().Matches(sent.Data).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Value))).Concat([sent.Data]).ToList();
        Assert.Contains(bodies, b => b.Contains("HTML with ümläuts", StringComparison.Ordinal) || b.Contains("HTML with =C3=BCml=C3=A4uts", StringComparison.Ordinal));
        Assert.Contains(bodies, b => b.Contains("Text with ümläuts", StringComparison.Ordinal) || b.Contains("Text with =C3=BCml=C3=A4uts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_WhenServerHasTls_SignsInAndSendsOnlyEncrypted()
    {
        await using var server = new SmtpServer(withTls: true);
        using var trust = new Trust(server.Certificate!);
        Assert.IsType<SendOutcome.Sent>(await Sender(server, startTls: true, userName: "fittrack", password: "s3cret").SendAsync(Mail, Ct));
        var sent = Assert.Single(server.Mails);
        Assert.True(sent.Encrypted);
        Assert.Equal("fittrack:s3cret", sent.Credentials);
    }

    [Fact]
    public async Task Send_WhenCertificateIsNotTrusted_SaysNothingAndTriesLater()
    {
        await using var server = new SmtpServer(withTls: true);
        Assert.IsType<SendOutcome.TryLater>(await Sender(server, startTls: true, userName: "fittrack", password: "s3cret").SendAsync(Mail, Ct));
        Assert.Empty(server.Mails);
        Assert.All(server.Commands, c => Assert.Matches("^(EHLO|STARTTLS)", c));
    }

    [Fact]
    public async Task Send_WhenServerHasNoTls_SaysNothingAndTriesLater()
    {
        await using var server = new SmtpServer();
        Assert.IsType<SendOutcome.TryLater>(await Sender(server, startTls: true).SendAsync(Mail, Ct));
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 5.1.1 <runner@example.com> unknown", true)]
    [InlineData("450 4.2.0 <runner@example.com> greylisted", false)]
    [InlineData("452 4.3.1 disk full", false)]
    public async Task Send_WhenRecipientIsRefused_GivesUpOnlyForGood_AndKeepsTheAddressOutOfTheReason(string answer, bool forGood)
    {
        await using var server = new SmtpServer(toRecipient: answer);
        var outcome = await Sender(server, startTls: false).SendAsync(Mail, Ct);
        var reason = outcome switch { SendOutcome.Rejected(var r) => r, SendOutcome.TryLater(var r) => r, _ => "" };
        Assert.Equal(forGood, outcome is SendOutcome.Rejected);
        Assert.Equal($"SMTP {answer[..3]}.", reason);
    }

    [Fact]
    public async Task Send_WhenNobodyListens_TriesLater()
    {
        var gone = new SmtpServer();
        var sender = Sender(gone, startTls: false);
        await gone.DisposeAsync();
        Assert.IsType<SendOutcome.TryLater>(await sender.SendAsync(Mail, Ct));
    }

    [Theory]
    [InlineData("mail.example.com", "key", null, true, false)]
    [InlineData("mail.example.com", null, "user", false, false)]
    [InlineData("mail.example.com", null, "user", true, true)]
    [InlineData(null, "key", null, true, true)]
    [InlineData(null, null, null, true, true, "Development")]
    [InlineData(null, null, null, true, false, "Production")]
    [InlineData("", "", null, true, false, "Production")]
    [InlineData("", "key", "", false, true)]
    public void Options_WhenContradictoryOrNotEnoughForProduction_AreRefused(string? host, string? key, string? userName, bool startTls, bool fine, string environment = "Production")
    {
        var options = new MailOptions { PublicUrl = "https://fittrack.example", Smtp = new() { Host = host, UserName = userName, StartTls = startTls }, SendGrid = new() { ApiKey = key } };
        Assert.Equal(fine, new MailOptionsValidator(new SomeEnvironment(environment)).Validate(null, options).Succeeded);
    }

    private static SmtpSender Sender(SmtpServer server, bool startTls, string? userName = null, string? password = null) =>
        new(Options.Create(new MailOptions { Smtp = new() { Host = "localhost", Port = server.Port, StartTls = startTls, UserName = userName, Password = password } }));

    [GeneratedRegex(@"(?<=\r\n\r\n)[A-Za-z0-9+/=\r\n]+(?=\r\n)", RegexOptions.None, 1000)]
    private static partial Regex Base64Body();

    /// <summary>Trusts one certificate beside the system's, the way SmtpClient asks: it has no setting of its own.</summary>
    private sealed class Trust : IDisposable
    {
        private static readonly System.Reflection.PropertyInfo Callback =
            Type.GetType("System.Net.ServicePointManager, System.Net.ServicePoint", throwOnError: true)!.GetProperty("ServerCertificateValidationCallback")!;

        public Trust(X509Certificate2 certificate)
        {
            var thumbprint = certificate.Thumbprint;
            Callback.SetValue(null, new RemoteCertificateValidationCallback((_, shown, _, errors) => errors == SslPolicyErrors.None || (shown as X509Certificate2)?.Thumbprint == thumbprint));
        }

        public void Dispose() => Callback.SetValue(null, null);
    }
}
