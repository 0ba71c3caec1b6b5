using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Bench;

/// <summary>The limit that the front end's pages are held against: a static Razor component of their size, alone in a process.</summary>
internal static class BareRazor
{
    public const string Verb = "razor";

    /// <summary>What a row of <see cref="BarePage"/> weighs besides its two values.</summary>
    private const int RowMarkup = 60;

    /// <summary>The child process: <c>razor URL BYTES</c>.</summary>
    public static async Task ServeAsync(string url, int bytes)
    {
        BarePage.Rows = [.. Enumerable.Range(0, bytes / (RowMarkup + 20)).Select(i => (string.Create(CultureInfo.InvariantCulture, $"Member {i:D8}"), string.Create(CultureInfo.InvariantCulture, $"{i:D5}")))];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddRazorComponents();
        var app = builder.Build();
        app.MapGet("/", static () => new RazorComponentResult<BarePage>());
        await app.RunAsync();
    }

    /// <param name="url">Where it listens.</param>
    /// <param name="bytes">About as large as this.</param>
    public static async Task<Process> StartAsync(Uri url, int bytes)
    {
        var process = Process.Start("dotnet", [typeof(BareRazor).Assembly.Location, Verb, url.ToString(), bytes.ToString(CultureInfo.InvariantCulture)]);
        using var http = new HttpClient();
        await Until.TrueAsync(async () => (await http.GetAsync(url)).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
        return process;
    }
}
