using System.Diagnostics;

namespace FitTrack.Bench;

/// <summary>The limit that cached answers are held against: Kestrel alone, in a process of its own, returning given bytes.</summary>
internal static class BareEndpoint
{
    public const string Verb = "bare";

    /// <summary>The child process: <c>bare URL FILE</c>.</summary>
    public static async Task ServeAsync(string url, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
        });
        await app.RunAsync();
    }

    public static async Task<Process> StartAsync(Uri url, byte[] body)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fittrack-bench-{Environment.ProcessId}.json");
        await File.WriteAllBytesAsync(file, body);
        var process = Process.Start("dotnet", [typeof(BareEndpoint).Assembly.Location, Verb, url.ToString(), file]);
        using var http = new HttpClient();
        await Until.TrueAsync(async () => (await http.GetAsync(url)).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
        return process;
    }
}
