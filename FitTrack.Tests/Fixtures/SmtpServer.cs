using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FitTrack.Tests.Fixtures;

/// <summary>What an SMTP server was given in one conversation.</summary>
public sealed record SmtpMail(string From, string To, string Data, bool Encrypted, string? Credentials);

/// <summary>An SMTP server on a free loopback port (RFC 5321), with STARTTLS (RFC 3207) and AUTH LOGIN when it has a certificate.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentQueue<SmtpMail> _mails = new();
    private readonly Task _accepting;

    public SmtpServer(bool withTls = false, string toRecipient = "250 OK")
    {
        (Certificate, ToRecipient) = (withTls ? NewCertificate() : null, toRecipient);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public X509Certificate2? Certificate { get; }

    /// <summary>The answer to RCPT.</summary>
    public string ToRecipient { get; }

    public IReadOnlyCollection<string> Commands => _commands;

    public IReadOnlyCollection<SmtpMail> Mails => _mails;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Certificate?.Dispose();
        _stop.Dispose();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) { CertificateExtensions = { names.Build() } };
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            await ConverseAsync(client.GetStream());
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The other side went away, or did not trust the certificate.
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        var (encrypted, from, to, credentials) = (false, "", "", (string?)null);
        await SayAsync(stream, "220 localhost");
        while (await ReadAsync(stream) is { } line)
        {
            _commands.Enqueue(line);
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(stream, Certificate is null ? "250 localhost" : encrypted ? "250-localhost\r\n250 AUTH LOGIN" : "250-localhost\r\n250 STARTTLS");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 Go on");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
                    (stream, encrypted) = (tls, true);
                    break;
                case "AUTH":
                    var name = line.Split(' ') is [_, _, var first] ? first : await AskAsync(stream, "334 VXNlcm5hbWU6");
                    credentials = $"{Decode(name)}:{Decode(await AskAsync(stream, "334 UGFzc3dvcmQ6"))}";
                    await SayAsync(stream, "235 OK");
                    break;
                case "MAIL":
                    from = line;
                    await SayAsync(stream, "250 OK");
                    break;
                case "RCPT":
                    to = line;
                    await SayAsync(stream, ToRecipient);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 Go on");
                    _mails.Enqueue(new SmtpMail(from, to, await ReadDataAsync(stream), encrypted, credentials));
                    await SayAsync(stream, "250 OK");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 Bye");
                    return;
                default:
                    await SayAsync(stream, "250 OK");
                    break;
            }
        }
    }

    private async Task<string> AskAsync(Stream stream, string question)
    {
        await SayAsync(stream, question);
        return await ReadAsync(stream) ?? "";
    }

    private async Task<string> ReadDataAsync(Stream stream)
    {
        var data = new StringBuilder();
        while (await ReadAsync(stream) is { } line && line != ".")
            data.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        return data.ToString();
    }

    private async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _stop.Token);

    /// <summary>A byte at a time: what follows STARTTLS belongs to another stream.</summary>
    private async Task<string?> ReadAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
