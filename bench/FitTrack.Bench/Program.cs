using FitTrack.Bench;

if (args is [BareEndpoint.Verb, var url, var file])
{
    await BareEndpoint.ServeAsync(url, file);
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 1;
}

return await BenchRun.RunAsync(options) ? 0 : 2;
