using System.Diagnostics;

namespace FitTrack.Bench;

/// <summary>The simulators in a process of their own, which knows every account that it is asked for.</summary>
internal sealed class SimulatedTerra : IDisposable
{
    private readonly Process _process;
    private readonly Uri _url;

    private SimulatedTerra(Process process, Uri url) => (_process, _url) = (process, url);

    /// <summary>What leads the product to it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Trackers__Terra__BaseUrl", _url + "terra/api/v2"),
        new("Trackers__Terra__WidgetUrl", _url + "terra/api/widget/session"),
        new("Trackers__Terra__DevId", "fittrack-development"),
        new("Trackers__Terra__ApiKey", "terra-development-key"), // not a secret: of the simulator
    ];

    public static async Task<SimulatedTerra> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{Until.FreePort()}/");
        var start = new ProcessStartInfo("dotnet", [Product.Program("FitTrack.Worker"), "simulators", "--urls", url.AbsoluteUri, "--Simulators:DemoUsers", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Logging__LogLevel__Default"] = "Error" },
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient();
        await Until.TrueAsync(async () => (await http.GetAsync(new Uri(url, "health/live"))).IsSuccessStatusCode, TimeSpan.FromMinutes(1));
        return new SimulatedTerra(process, url);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
