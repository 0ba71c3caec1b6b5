using System.Diagnostics;
using System.Diagnostics.Metrics;
using FitTrack.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Unit.ServiceDefaults;

public sealed class PrometheusTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fittrack.tickets.sold", "{ticket}", nameof(MetricKind.Counter), "fittrack_tickets_sold_total")]
    [InlineData("fittrack.sync.total", null, nameof(MetricKind.Counter), "fittrack_sync_total")]
    [InlineData("http.server.request.duration", "s", nameof(MetricKind.Histogram), "http_server_request_duration_seconds")]
    [InlineData("dotnet.process.cpu.time", "s", nameof(MetricKind.Counter), "dotnet_process_cpu_time_seconds_total")]
    [InlineData("dotnet.process.memory.working_set", "By", nameof(MetricKind.Gauge), "dotnet_process_memory_working_set_bytes")]
    [InlineData("dotnet.thread_pool.thread.count", "{thread}", nameof(MetricKind.Gauge), "dotnet_thread_pool_threads")]
    [InlineData("dotnet.assembly.count", "{assembly}", nameof(MetricKind.Gauge), "dotnet_assemblies")]
    [InlineData("fittrack.cache.hit", "1", nameof(MetricKind.Gauge), "fittrack_cache_hit_ratio")]
    [InlineData("fittrack.import.rate", "By/s", nameof(MetricKind.Gauge), "fittrack_import_rate_bytes_per_second")]
    [InlineData("7days--odd", null, nameof(MetricKind.Gauge), "_7days_odd")]
    public void Metric_WhenNamedForOpenTelemetry_GetsItsPrometheusName(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(name, unit, Enum.Parse<MetricKind>(kind)));

    [Fact]
    public async Task Scrape_WhenCounterHasLabels_EscapesAndSortsThem()
    {
        await using var host = await DefaultsHost.StartAsync();
        var counter = Meter(host).CreateCounter<long>("fittrack.test.events", description: "Says \"hi\\there\"\nand more");

        counter.Add(2, new("z.kind", "a\"b\\c\nd"), new("a.first", 1));
        counter.Add(3, new("a.first", 1L), new("z.kind", "a\"b\\c\nd"));
        var text = await ScrapeAsync(host);

        Assert.Contains("# HELP fittrack_test_events_total Says \"hi\\\\there\"\\nand more\n# TYPE fittrack_test_events_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("fittrack_test_events_total{a_first=\"1\",z_kind=\"a\\\"b\\\\c\\nd\"} 5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenHistogramHasItsOwnBounds_CumulatesIntoThem()
    {
        await using var host = await DefaultsHost.StartAsync();
        var histogram = Meter(host).CreateHistogram("fittrack.test.size", "By", "Sizes.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [10, 100] });

        foreach (var value in new[] { 1, 10, 11, 1000 })
            histogram.Record(value, new KeyValuePair<string, object?>("kind", "x"));
        var text = await ScrapeAsync(host);

        Assert.Contains(
            "# TYPE fittrack_test_size_bytes histogram\n"
            + "fittrack_test_size_bytes_bucket{kind=\"x\",le=\"10\"} 2\nfittrack_test_size_bytes_bucket{kind=\"x\",le=\"100\"} 3\nfittrack_test_size_bytes_bucket{kind=\"x\",le=\"+Inf\"} 4\n"
            + "fittrack_test_size_bytes_sum{kind=\"x\"} 1022\nfittrack_test_size_bytes_count{kind=\"x\"} 4\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenGaugesMove_ShowsTheirLastValue()
    {
        await using var host = await DefaultsHost.StartAsync();
        var meter = Meter(host);
        var open = meter.CreateUpDownCounter<int>("fittrack.test.open");
        var level = meter.CreateGauge<double>("fittrack.test.level");
        Measurement<long>[] queues = [new(4, new KeyValuePair<string, object?>("queue", "mail")), new(1, new KeyValuePair<string, object?>("queue", "sync"))];
        meter.CreateObservableGauge("fittrack.test.waiting", () => queues);

        open.Add(3);
        open.Add(-1);
        level.Record(0.5);
        level.Record(double.NegativeInfinity);
        var first = await ScrapeAsync(host);
        queues = queues[..1];
        var second = await ScrapeAsync(host);

        Assert.Contains("\nfittrack_test_open 2\n", first, StringComparison.Ordinal);
        Assert.Contains("\nfittrack_test_level -Inf\n", first, StringComparison.Ordinal);
        Assert.Contains("fittrack_test_waiting{queue=\"sync\"} 1\n", first, StringComparison.Ordinal);
        Assert.Contains("fittrack_test_waiting{queue=\"mail\"} 4\n", second, StringComparison.Ordinal);
        Assert.DoesNotContain("queue=\"sync\"", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenLabelsExplode_KeepsTheRestInOneSeries()
    {
        await using var host = await DefaultsHost.StartAsync();
        var counter = Meter(host).CreateCounter<int>("fittrack.test.exploding");

        for (var i = 0; i < MetricFamily.MaxSeries + 50; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var text = await ScrapeAsync(host);

        Assert.Equal(MetricFamily.MaxSeries + 1, text.Split('\n').Count(line => line.StartsWith("fittrack_test_exploding_total{", StringComparison.Ordinal)));
        Assert.Contains("fittrack_test_exploding_total{otel_metric_overflow=\"true\"} 50\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenManyThreadsCount_LosesNothing()
    {
        await using var host = await DefaultsHost.StartAsync();
        var counter = Meter(host).CreateCounter<long>("fittrack.test.parallel");

        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 10_000; i++)
                counter.Add(1, new KeyValuePair<string, object?>("half", i % 2));
        });
        var text = await ScrapeAsync(host);

        Assert.Contains("fittrack_test_parallel_total{half=\"0\"} 40000\n", text, StringComparison.Ordinal);
        Assert.Contains("fittrack_test_parallel_total{half=\"1\"} 40000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenAnotherHostOfTheProcessCounts_DoesNotShowIt()
    {
        await using var host = await DefaultsHost.StartAsync();
        await using var other = await DefaultsHost.StartAsync();

        Meter(other).CreateCounter<int>("fittrack.test.other").Add(1);

        Assert.DoesNotContain("fittrack_test_other", await ScrapeAsync(host), StringComparison.Ordinal);
        Assert.Contains("fittrack_test_other_total 1\n", await ScrapeAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WhenScraped_PassPrometheusOwnLinter()
    {
        await using var host = await DefaultsHost.StartAsync(map: app => app.MapGet("/hello/{name}", (string name) => name));
        Meter(host).CreateHistogram<double>("fittrack.test.duration", "s", "How long.").Record(0.2, new KeyValuePair<string, object?>("kind", "x"));
        using (await host.Http.GetAsync("/hello/ana", Ct)) { }

        using var answer = await host.Http.GetAsync("/metrics", Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("http_route=\"/hello/{name}\"", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", text, StringComparison.Ordinal);
        var (exitCode, output) = await PromtoolAsync(text);
        Assert.True(exitCode == 0 && output.Length == 0, output);
    }

    private static Meter Meter(DefaultsHost host) => host.Services.GetRequiredService<IMeterFactory>().Create("FitTrack.Test");

    private static Task<string> ScrapeAsync(DefaultsHost host) => host.Http.GetStringAsync("/metrics", Ct);

    private static async Task<(int ExitCode, string Output)> PromtoolAsync(string metrics)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "promtool is not installed (Debian package prometheus)");
        using var promtool = Process.Start(new ProcessStartInfo(path!, ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var output = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(Ct), promtool.StandardError.ReadToEndAsync(Ct));
        await promtool.WaitForExitAsync(Ct);
        return (promtool.ExitCode, string.Concat(output));
    }
}
