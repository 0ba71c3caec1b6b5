using System.Net;
using System.Net.Sockets;

namespace FitTrack.AppHost.Local;

/// <summary>The programs' ports on loopback.</summary>
internal sealed record Ports(int Web, int Api, int Worker, int Simulators)
{
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

    /// <summary><paramref name="preferred"/> if it is free, else one that the system picks.</summary>
    public static int FreePort(int preferred = 0)
    {
        if (preferred != 0 && IsFree(preferred))
            return preferred;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
