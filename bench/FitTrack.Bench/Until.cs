using System.Net;
using System.Net.Sockets;

namespace FitTrack.Bench;

internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Pause);
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        do
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        while (Environment.TickCount64 < end && await timer.WaitForNextTickAsync());
        throw new TimeoutException($"Not ready within {limit.TotalSeconds:F0} s.");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
