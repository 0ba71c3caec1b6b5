using FitTrack.AppHost;
using FitTrack.AppHost.Local;

try
{
    var options = LauncherOptions.Parse(args, Environment.GetEnvironmentVariable);
    if (options.ShowHelp)
    {
        Console.WriteLine(LauncherOptions.Help);
        return 0;
    }

    // Aspire and the three programs read it from here.
    Environment.SetEnvironmentVariable("DOTNET_ENVIRONMENT", options.EnvironmentName);
    Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", options.EnvironmentName);

    if (options.WorkerCommand.Count > 0)
        return await LocalLauncher.RunWorkerAsync(options);

    var orchestrator = await Orchestrator.ChooseAsync(options, AspireTopology.IsAvailable, Orchestrator.FindContainerRuntimeAsync);
    Console.WriteLine(orchestrator);
    return orchestrator.IsAspire ? await AspireTopology.RunAsync(options) : await LocalLauncher.RunAsync(options);
}
catch (LaunchException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
