using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath.Tests;

namespace Pdm6.Agent.Tests.Support;

/// <summary>
/// Two network namespaces joined by one Ethernet link, each on a thread of its own. What a host's thread makes
/// (sockets, attached programs) stays in its namespace, so the rest of a test can use it from anywhere.
/// <code>
///   client  2001:db8::1  eth0 ---- eth0  2001:db8::2  server
/// </code>
/// </summary>
internal sealed class TwoHosts : IDisposable
{
    internal const string ClientAddress = "2001:db8::1", ServerAddress = "2001:db8::2";

    internal TwoHosts()
    {
        StartSocketThreads();
        Client = new HostThread();
        Server = new HostThread();
        Client.Run(() =>
        {
            OwnNamespace.Execute("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", $"{Server.ThreadId}");
            BringUp(ClientAddress);
        });
        Server.Run(() => BringUp(ServerAddress));
    }

    internal HostThread Client { get; }
    internal HostThread Server { get; }

    /// <summary>A UDP socket of a host.</summary>
    internal static UdpClient OpenUdp(HostThread host, string address, int port)
    {
        UdpClient? socket = null;
        host.Run(() => socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), port)));
        return socket!;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    // A thread is born into the namespace of the thread that makes it. The runtime makes its socket threads at the first
    // waiting socket, and pool threads out of those: that first socket must not be one of a host.
    private static void StartSocketThreads()
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        using CancellationTokenSource stop = new();
        ValueTask<int> receiving = socket.ReceiveAsync(new byte[1], SocketFlags.None, stop.Token);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => receiving.AsTask().GetAwaiter().GetResult());
    }

    private static void BringUp(string address)
    {
        OwnNamespace.Execute("ip", "link", "set", "lo", "up");
        OwnNamespace.Execute("ip", "link", "set", "eth0", "up");
        OwnNamespace.Execute("ip", "address", "add", $"{address}/64", "dev", "eth0", "nodad");
    }
}
