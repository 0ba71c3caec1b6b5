using System.Net;
using System.Net.Sockets;

namespace FitTrack.AppHost.Local;

/// <summary>The programs' ports on loopback.</summary>
internal sealed record Ports(int Web, int Api, int Worker, int Simulators)
{
    // Below those that any system gives to outgoing connections: one of these could be taken before the program that it is meant for listens.
    private const int First = 20_000;
    private const int Count = 12_000;

    // Launchers that start together begin apart.
    private static int _next = Environment.ProcessId * 8 % Count;

    public string WebUrl => $"http://localhost:{Web}";

    public string ApiUrl => $"http://localhost:{Api}";

    public string WorkerUrl => $"http://localhost:{Worker}";

    public string SimulatorsUrl => $"http://localhost:{Simulators}";

    /// <exception cref="LaunchException">One of them is in use.</exception>
    public static Ports Claim(LauncherOptions options) =>
        new(
            Claim(options.WebPort, "web", "FITTRACK_WEB_PORT", "--web-port"),
            Claim(options.ApiPort, "api", "FITTRACK_API_PORT", "--api-port"),
            Claim(options.WorkerPort, "worker", "FITTRACK_WORKER_PORT", "--worker-port"),
            options.Simulators ? Claim(options.SimulatorsPort, "simulators", "FITTRACK_SIMULATORS_PORT", "--simulators-port") : 0);

    /// <summary><paramref name="preferred"/> if it is free, else one from 20000 to 31999 that is, and that this launcher has not been given yet.</summary>
    /// <exception cref="LaunchException">All of them are in use.</exception>
    public static int FreePort(int preferred = 0)
    {
        if (preferred != 0 && IsFree(preferred))
            return preferred;
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
                return port;
        }

        throw new LaunchException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static int Claim(int port, string program, string variable, string option) =>
        port == 0 ? FreePort()
        : IsFree(port) ? port
        : throw new LaunchException($"Port {port} ({program}) is already in use: free it, or choose another with {variable} or {option}.");

    private static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException problem)
        {
            // A machine without IPv6 says that it has no such address, which is no reason against the port.
            return problem.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
