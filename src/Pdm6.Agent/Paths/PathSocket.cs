using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>One address of this host, from which packets of every form can be sent and to which datagrams come, if
/// nothing of what they were sent with is missing. Sending is thread-safe.</summary>
internal sealed class PathSocket : IDisposable
{
    private readonly Socket _datagrams = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _packets;
    private readonly SocketAddress _sender = new(AddressFamily.InterNetworkV6);
    private readonly IPEndPoint _reader = new(IPAddress.IPv6Any, 0);
    private readonly byte[] _received = new byte[PathMessage.RequestSize + 1]; // a longer datagram shows
    private readonly PathPackets _made;

    /// <exception cref="SocketException">The port is taken, the address is not ours, or CAP_NET_RAW is missing.</exception>
    internal PathSocket(Ipv6Address address, PathPackets packets)
    {
        (Address, _made) = (address, packets);
        try
        {
            ArrivalFilter.Attach(_datagrams, packets.OptionType);
            _datagrams.Bind(EndPointOf(address, PathTable.ProbePort));
            // Whole packets, header included, and nothing is ever received here: IPPROTO_RAW.
            _packets = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.Raw);
        }
        catch
        {
            _datagrams.Dispose();
            throw;
        }
    }

    /// <summary>Whose.</summary>
    internal Ipv6Address Address { get; }

    /// <summary>Sends a datagram in a form. False if the host cannot now: no route, for example.</summary>
    internal bool TrySend(Ipv6Address destination, PathForm form, ReadOnlySpan<byte> datagram)
    {
        try
        {
            _packets.SendTo(_made.Make(Address, destination, form, datagram), SocketFlags.None, EndPointOf(destination, 0));
            return true;
        }
        catch (SocketException)
        {
            return false; // as good as lost on the way, and as likely to pass
        }
    }

    /// <summary>The next datagram, valid until the next call; for one caller at a time.</summary>
    internal async ValueTask<(Ipv6Address Source, ReadOnlyMemory<byte> Datagram)> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                int size = await _datagrams.ReceiveFromAsync(_received, SocketFlags.None, _sender, stop).ConfigureAwait(false);
                return (AddressOf((IPEndPoint)_reader.Create(_sender)), _received.AsMemory(0, size));
            }
            catch (SocketException)
            {
                // The news that something sent earlier was not delivered.
            }
        }
    }

    public void Dispose()
    {
        _datagrams.Dispose();
        _packets.Dispose();
    }

    private static IPEndPoint EndPointOf(Ipv6Address address, int port)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        address.Write(octets);
        return new IPEndPoint(new IPAddress(octets), port);
    }

    private static Ipv6Address AddressOf(IPEndPoint endPoint)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        endPoint.Address.TryWriteBytes(octets, out _);
        return Ipv6Address.Read(octets);
    }
}
