using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FitTrack.Bench;

/// <summary>What one load run brought: answers a second and their latencies.</summary>
internal sealed record LoadResult(double PerSecond, LatencyHistogram Latency)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PerSecond,9:N0}/s   p50 {Latency.Milliseconds(0.5):F2} ms   p99 {Latency.Milliseconds(0.99):F2} ms");
}

/// <summary>
/// A closed-loop HTTP/1.1 client over raw sockets, one request in flight on each connection: HttpClient costs about as
/// much as the server it would measure. Any answer but the expected one ends the run with its text.
/// </summary>
internal sealed class LoadGenerator(Uri target)
{
    /// <param name="connections">Sockets, each with one request in flight.</param>
    /// <param name="warmUp">Not counted.</param>
    /// <param name="duration">Counted.</param>
    /// <param name="request">The whole request for (connection, its n-th call).</param>
    /// <param name="expectedStatus">Any other status is an error.</param>
    /// <exception cref="InvalidOperationException">An unexpected answer.</exception>
    public async Task<LoadResult> RunAsync(int connections, TimeSpan warmUp, TimeSpan duration, Func<int, long, byte[]> request, int expectedStatus)
    {
        var start = Stopwatch.GetTimestamp();
        var counted = start + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var end = counted + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var loops = Enumerable.Range(0, connections).Select(i => Task.Run(() => LoopAsync(i, counted, end, request, expectedStatus)));
        var histograms = await Task.WhenAll(loops);

        var all = new LatencyHistogram();
        foreach (var histogram in histograms)
            all.Add(histogram);
        return new LoadResult(all.Count / duration.TotalSeconds, all);
    }

    public static byte[] Request(string method, string path, string host, string? token = null, string? body = null, string? extraHeaders = null)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        if (token is not null)
            text.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        text.Append(extraHeaders);
        if (body is not null)
            text.Append("Content-Type: application/json\r\nContent-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    private async Task<LatencyHistogram> LoopAsync(int connection, long counted, long end, Func<int, long, byte[]> request, int expectedStatus)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target.Port));
        var answer = new HttpAnswer(socket);
        var histogram = new LatencyHistogram();
        for (long n = 0; ; n++)
        {
            var bytes = request(connection, n);
            var sent = Stopwatch.GetTimestamp();
            if (sent >= end)
                return histogram;
            await socket.SendAsync(bytes);
            var status = await answer.ReadAsync();
            var received = Stopwatch.GetTimestamp();
            if (status != expectedStatus)
                throw new InvalidOperationException($"{target}: expected {expectedStatus}, got {answer.Text}");
            if (sent >= counted && received <= end)
                histogram.Add((received - sent) * 1_000_000 / Stopwatch.Frequency);
        }
    }

    /// <summary>Reads one answer after another from a socket, by Content-Length or chunked.</summary>
    private sealed class HttpAnswer(Socket socket)
    {
        private byte[] _buffer = new byte[64 * 1024];
        private int _length;

        public string Text => Encoding.UTF8.GetString(_buffer, 0, Math.Min(_length, 4096));

        public async ValueTask<int> ReadAsync()
        {
            _length = 0;
            int headers;
            do
                await FillAsync();
            while ((headers = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0);

            var head = _buffer.AsSpan(0, headers);
            var status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + (head[11] - '0');
            var bodyStart = headers + 4;
            if (ContentLength(head) is { } length)
            {
                while (_length < bodyStart + length)
                    await FillAsync();
            }
            else if (status is not (204 or 304))
            {
                while (!_buffer.AsSpan(0, _length).EndsWith("\r\n0\r\n\r\n"u8) && !_buffer.AsSpan(bodyStart, _length - bodyStart).SequenceEqual("0\r\n\r\n"u8))
                    await FillAsync();
            }

            return status;
        }

        private static int? ContentLength(ReadOnlySpan<byte> head)
        {
            var at = head.IndexOf("\r\nContent-Length: "u8);
            if (at < 0)
                return null;
            var value = 0;
            for (var i = at + 18; i < head.Length && head[i] is >= (byte)'0' and <= (byte)'9'; i++)
                value = (value * 10) + (head[i] - '0');
            return value;
        }

        private async ValueTask FillAsync()
        {
            if (_length == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_length));
            if (read == 0)
                throw new InvalidOperationException("The server closed the connection.");
            _length += read;
        }
    }
}
