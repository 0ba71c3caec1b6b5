using System.CommandLine;
using FitTrack.Worker.Simulators;

namespace FitTrack.Worker.Commands;

/// <summary><c>simulators</c>: runs the simulated trackers until stopped, on <c>ASPNETCORE_URLS</c> or <c>--urls</c>.</summary>
internal static class SimulatorsCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Address to listen on; ASPNETCORE_URLS without it" };
        var command = new Command("simulators", "Run local servers that speak the protocols of Terra, Strava and Hevy. Development only.") { urls };
        command.SetAction((parsed, ct) => SimulatorHost.RunAsync(parsed.GetValue(urls) is { } address ? [$"--urls={address}"] : [], ct));
        return command;
    }
}
