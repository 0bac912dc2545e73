using System.Globalization;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>The largest packet that the router forwards, for each direction: larger ones it answers with Packet Too Big.</summary>
internal sealed class PathMtu(Laboratory hosts)
{
    private const string MetricOfConnectedRoutes = "256"; // so that the kernel's own route is replaced
    private static readonly int[] s_sizes = [1280, 1281, 1300, 1328, 1360, 1400, 1401, 1420, 1448, 1452, 1480, 1499, 1500];

    private int _promise = s_sizes[0];

    /// <summary>What both directions carry, whatever happens: as much may operators tell their agents.</summary>
    internal int Promise => Volatile.Read(ref _promise);

    /// <summary>How often it has changed.</summary>
    internal int Changes { get; private set; }

    /// <summary>Changes one direction or the other at random times.</summary>
    /// <param name="random">Decides what and when.</param>
    /// <param name="isLate">True in the run's second half, when the path promises more.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task ChangeAsync(Random random, Func<bool> isLate, CancellationToken stop)
    {
        const int laterPromise = 1400;
        while (!stop.IsCancellationRequested)
        {
            if (Promise < laterPromise && isLate())
            {
                Set(hosts.ClientLink.Second, Draw(random, laterPromise));
                Set(hosts.ServerLink.Second, Draw(random, laterPromise));
                Volatile.Write(ref _promise, laterPromise);
            }
            Set(random.Next(2) == 0 ? hosts.ClientLink.Second : hosts.ServerLink.Second, Draw(random, Promise));
            await Task.Delay(random.Next(200, 2000), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Draw(Random random, int promise)
    {
        int[] possible = [.. s_sizes.Where(size => size >= promise)];
        return possible[random.Next(possible.Length)];
    }

    private void Set(LinkEnd router, int octets)
    {
        bool toClient = router == hosts.ClientLink.Second;
        string mtu = octets.ToString(CultureInfo.InvariantCulture);
        router.Namespace.Ip(
            "-6", "route", "replace", toClient ? "2001:db8:1::/64" : "2001:db8:2::/64", "dev", router.Interface,
            "metric", MetricOfConnectedRoutes, "mtu", mtu);
        router.Namespace.Ip("-4", "route", "replace", toClient ? "192.0.2.0/24" : "198.51.100.0/24", "dev", router.Interface, "mtu", mtu);
        Changes++;
    }
}
