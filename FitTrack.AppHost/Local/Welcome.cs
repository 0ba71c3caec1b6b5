using System.Globalization;

namespace FitTrack.AppHost.Local;

/// <summary>What is printed once everything runs: where to look, and who to sign in as.</summary>
internal static class Welcome
{
    private const string DemoPassword = "FitTrack-Demo-2026!";

    public static string Text(LauncherOptions options, DataFolder data, Ports ports, Dashboard? dashboard, TimeSpan took)
    {
        List<string> lines =
        [
            "",
            string.Create(CultureInfo.InvariantCulture, $"FitTrack is ready ({options.EnvironmentName}, after {took.TotalSeconds:0.0} s)."),
            "",
            $"  Web         {ports.WebUrl}/",
            $"  Api docs    {ports.ApiUrl}/docs",
            $"  ReDoc       {ports.ApiUrl}/redoc",
            $"  Health      {ports.ApiUrl}/health/ready",
            $"  Worker      {ports.WorkerUrl}/health/ready",
            $"  Mail drop   {ports.ApiUrl}/mail (files in {data.Mail})",
            $"  Simulators  {(options.Simulators ? $"{ports.SimulatorsUrl}/" : "off")}",
            $"  Dashboard   {dashboard?.Url ?? "none: the aspire command line is not installed, or OTEL_EXPORTER_OTLP_ENDPOINT is set"}",
            "",
        ];
        if (options is { IsDevelopment: true, SeedDemo: true })
        {
            lines.AddRange(
            [
                $"  Demo accounts, password {DemoPassword}",
                "    admin@fittrack.example     administrator",
                "    member@fittrack.example    member",
                "",
            ]);
        }

        lines.Add("Ctrl+C stops everything.");
        return string.Join(Environment.NewLine, lines);
    }
}
