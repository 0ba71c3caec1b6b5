using FitTrack.Bench;

if (args is [BareEndpoint.Verb, var url, var file])
{
    await BareEndpoint.ServeAsync(url, file);
    return 0;
}

if (args is [BareRazor.Verb, var page, var bytes])
{
    await BareRazor.ServeAsync(page, int.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (args is [ImportScenario.Verb, var import, var seconds])
{
    ImportScenario.Read(import, double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 1;
}

return await BenchRun.RunAsync(options) ? 0 : 2;
