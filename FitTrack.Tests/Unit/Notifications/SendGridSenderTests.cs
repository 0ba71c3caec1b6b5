using System.Text;
using System.Text.Json;
using FitTrack.Core.Notifications;
using FitTrack.ServiceDefaults;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FitTrack.Tests.Unit.Notifications;

public sealed class SendGridSenderTests
{
    private static readonly EmailMessage Mail = new(Guid.NewGuid(), "runner@example.com", "You won", "Text", "<p>HTML</p>");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_WhenAccepted_SentTheWholeMailWithTheKey()
    {
        await using var server = await StubServer.StartAsync(202);
        using var host = Host(server.Url, out var sender);
        Assert.IsType<SendOutcome.Sent>(await sender.SendAsync(Mail, Ct));

        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v3/mail/send", "Bearer SG.test"), (request.Method, request.Path, request.Headers["Authorization"]));
        var body = JsonElement.Parse(Encoding.UTF8.GetString(request.Body));
        Assert.Equal("runner@example.com", body.GetProperty("personalizations")[0].GetProperty("to")[0].GetProperty("email").GetString());
        Assert.Equal("no-reply@fittrack.example", body.GetProperty("from").GetProperty("email").GetString());
        Assert.Equal("You won", body.GetProperty("subject").GetString());
        Assert.Equal([("text/plain", "Text"), ("text/html", "<p>HTML</p>")], body.GetProperty("content").EnumerateArray().Select(c => (c.GetProperty("type").GetString(), c.GetProperty("value").GetString())));
        Assert.False(body.GetProperty("tracking_settings").GetProperty("click_tracking").GetProperty("enable").GetBoolean());
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(413, true)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task Send_WhenRefused_GivesUpOnlyWhenTheMailIsWrong(int status, bool forGood)
    {
        await using var server = await StubServer.StartAsync(status);
        using var host = Host(server.Url, out var sender);
        var outcome = await sender.SendAsync(Mail, Ct);
        Assert.Equal(forGood, outcome is SendOutcome.Rejected);
        Assert.Equal($"SendGrid answered {status}.", outcome switch { SendOutcome.Rejected(var r) => r, SendOutcome.TryLater(var r) => r, _ => "" });
        // Sent once: a mail that may have gone out is not repeated by the client, the outbox decides.
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_WhenNobodyAnswers_TriesLater()
    {
        var server = await StubServer.StartAsync(202);
        var url = server.Url;
        await server.DisposeAsync();
        using var host = Host(url, out var sender);
        Assert.IsType<SendOutcome.TryLater>(await sender.SendAsync(Mail, Ct));
    }

    /// <summary>As the Worker registers it: the client with everybody's resilience, chosen by the key.</summary>
    private static IHost Host(Uri url, out IEmailSender sender)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Mail:SendGrid:ApiKey"] = "SG.test";
        builder.Configuration["Mail:PublicUrl"] = "https://fittrack.example";
        builder.Configuration["Mail:SendGrid:Url"] = url.ToString();
        builder.AddServiceDefaults();
        builder.Services.AddNotifications();
        var host = builder.Build();
        sender = host.Services.GetRequiredService<IEmailSender>();
        Assert.IsType<SendGridSender>(sender);
        return host;
    }
}
