using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml;
using FitTrack.Core.Imports;

namespace FitTrack.Bench;

/// <summary>Large files: how fast they are read beside doing nothing with the same bytes, and what memory that takes, alone and in the product.</summary>
internal sealed class ImportScenario(Product product, BenchOptions options)
{
    public const string Verb = "read";

    private const int Points = 200_000;
    private const int Records = 200_000;

    private static readonly DateTimeOffset Start = new(2026, 10, 1, 6, 0, 0, TimeSpan.Zero);

    public async Task<IReadOnlyList<Line>> RunAsync(string token)
    {
        var (gpx, fit) = (Gpx(), Fit());
        var (readGpx, readFit) = (await ReadInOwnProcessAsync(gpx), await ReadInOwnProcessAsync(fit));
        var peak = await UploadAsync(gpx, token);
        return
        [
            Rate($"GPX of {Megabytes(gpx):F1} MB, {Points:N0} points", readGpx, "XmlReader alone", 40),
            Line.AtMost("the same, peak memory of a process that only reads it", readGpx.PeakMebibytes, "MiB", 200),
            Line.AtMost("the same through Api and Worker, peak memory of the Worker", peak, "MiB", 200),
            Rate($"FIT of {Megabytes(fit):F1} MB, {Records:N0} records", readFit, "its checksum alone", 40),
        ];
    }

    /// <summary>The child process: <c>read FILE SECONDS</c>. Reads the file over and over, then in turns with the least that can be done with it; the best pass of each counts.</summary>
    public static void Read(string file, double seconds)
    {
        var content = File.ReadAllBytes(file);
        var now = TimeProvider.System.GetUtcNow();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds / 2)
            Workout();
        var peak = Product.PeakMegabytes("/proc/self");
        var (reading, limit) = (0d, 0d);
        while (clock.Elapsed.TotalSeconds < seconds * 2)
            (reading, limit) = (Math.Max(reading, Rate(Workout)), Math.Max(limit, Rate(Least)));
        Console.WriteLine(JsonSerializer.Serialize(new Measured(reading, limit, peak)));

        int Workout() => ImportedFile.Read(content, "file", now).Single().Workout is null ? throw new InvalidOperationException("The file was refused.") : 1;

        int Least() => content[0] == '<' ? Nodes(content) : Checksum(content);

        double Rate(Func<int> work)
        {
            var pass = Stopwatch.StartNew();
            work();
            return Megabytes(content) / pass.Elapsed.TotalSeconds;
        }
    }

    private static Line Rate(string name, Measured measured, string limit, double goal) => new(
        name, string.Create(CultureInfo.InvariantCulture, $"{measured.PerSecond:F0} MB/s"), string.Create(CultureInfo.InvariantCulture, $"{measured.Limit:F0} MB/s, {limit}"), measured.PerSecond, goal, AtLeast: true);

    private static double Megabytes(byte[] content) => content.Length / 1e6;

    private async Task<Measured> ReadInOwnProcessAsync(byte[] content)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fittrack-bench-{Environment.ProcessId}.import");
        await File.WriteAllBytesAsync(file, content);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ImportScenario).Assembly.Location, Verb, file, options.Seconds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var line = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return JsonSerializer.Deserialize<Measured>(line)!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <returns>The Worker's peak until the file is in the log.</returns>
    private async Task<double> UploadAsync(byte[] content, string token)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        product.ForgetPeakOf("FitTrack.Worker");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", "large.gpx" } };
        using var sent = await http.PostAsync("api/v1/imports", form);
        sent.EnsureSuccessStatusCode();
        await Until.TrueAsync(async () => await StatusAsync() is not ("queued" or "running"), TimeSpan.FromMinutes(1));
        return await StatusAsync() == "completed" ? product.PeakMegabytesOf("FitTrack.Worker") : throw new InvalidOperationException("The large file was refused.");

        async Task<string?> StatusAsync() => JsonElement.Parse(await http.GetStringAsync(sent.Headers.Location)).GetProperty("status").GetString();
    }

    private static int Nodes(byte[] content)
    {
        using var xml = XmlReader.Create(new MemoryStream(content));
        var nodes = 0;
        while (xml.Read())
            nodes++;
        return nodes;
    }

    private static ushort Checksum(byte[] content)
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
            table[i] = Enumerable.Range(0, 8).Aggregate((ushort)i, (crc, _) => (ushort)((crc >> 1) ^ ((crc & 1) * 0xA001)));
        ushort sum = 0;
        foreach (var b in content)
            sum = (ushort)((sum >> 8) ^ table[(sum ^ b) & 0xFF]);
        return sum;
    }

    /// <summary>A long ride as a watch writes it: a point a second with heart rate, on a circle.</summary>
    private static byte[] Gpx()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><gpx version=\"1.1\" creator=\"bench\" xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:g=\"http://www.garmin.com/xmlschemas/TrackPointExtension/v1\"><trk><name>Bench</name><type>cycling</type><trkseg>");
        for (var i = 0; i < Points; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<trkpt lat=\"{40 + Math.Sin(i / 1e4):F6}\" lon=\"{-74 + Math.Cos(i / 1e4):F6}\"><time>{Start.AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ}</time>")
                .Append(CultureInfo.InvariantCulture, $"<extensions><g:hr>{120 + (i % 40)}</g:hr></extensions></trkpt>\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("</trkseg></trk></gpx>").ToString());
    }

    /// <summary>As many records as are taken, with the fields that devices write, and one session.</summary>
    private static byte[] Fit()
    {
        using var data = new MemoryStream();
        var start = (uint)(Start - new DateTimeOffset(1989, 12, 31, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
        data.Write([0x40, 0, 0, 0, 0, 3, 0, 1, 0x00, 3, 4, 0x8C, 4, 4, 0x86, 0x00, 4]);
        data.Write([.. BitConverter.GetBytes(7u), .. BitConverter.GetBytes(start)]);
        data.Write([0x41, 0, 0, 20, 0, 8, 253, 4, 0x86, 0, 4, 0x85, 1, 4, 0x85, 5, 4, 0x86, 2, 2, 0x84, 6, 2, 0x84, 3, 1, 0x02, 4, 1, 0x02]);
        for (var i = 0u; i < Records; i++)
            data.Write([0x01, .. BitConverter.GetBytes(start + i), .. BitConverter.GetBytes(i * 100), .. BitConverter.GetBytes(i * 90), .. BitConverter.GetBytes(i * 700), 1, 2, 3, 4, (byte)(100 + (i % 80)), 90]);
        data.Write([0x42, 0, 0, 18, 0, 5, 2, 4, 0x86, 5, 1, 0x00, 7, 4, 0x86, 8, 4, 0x86, 9, 4, 0x86]);
        data.Write([0x02, .. BitConverter.GetBytes(start), 2, .. BitConverter.GetBytes(Records * 1000u), .. BitConverter.GetBytes(Records * 1000u), .. BitConverter.GetBytes(Records * 700u)]);
        byte[] header = [12, 0x20, 0, 0, 0, 0, 0, 0, .. ".FIT"u8];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)data.Length);
        byte[] file = [.. header, .. data.ToArray()];
        return [.. file, .. BitConverter.GetBytes(Checksum(file))];
    }

    private sealed record Measured(double PerSecond, double Limit, double PeakMebibytes);
}
