using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests;

/// <summary>Sockets on the hosts of a laboratory.</summary>
internal static class LaboratorySockets
{
    private const int BufferOctets = 4 << 20;

    internal static IPEndPoint ServerAt(int port) => At(LaboratoryAddresses.Server, port);

    internal static IPEndPoint At(Ipv6Address address, int port) => new(IPAddress.Parse(address.ToString()), port);

    /// <summary>A UDP socket on the server.</summary>
    internal static Socket ListenUdp(Laboratory hosts, int port) => hosts.Server.Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferOctets };
        socket.Bind(ServerAt(port));
        return socket;
    });

    /// <summary>A UDP socket on the client that speaks with the server only.</summary>
    internal static Socket ConnectUdp(Laboratory hosts, int port) => hosts.Client.Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferOctets };
        socket.Connect(ServerAt(port));
        return socket;
    });

    /// <summary>A TCP socket that listens on the server.</summary>
    internal static Socket ListenTcp(Laboratory hosts, int port, int? largestSegment = null) => hosts.Server.Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        LimitSegments(socket, largestSegment);
        socket.Bind(ServerAt(port));
        socket.Listen();
        return socket;
    });

    /// <summary>A TCP connection from the client to the server.</summary>
    internal static Socket ConnectTcp(Laboratory hosts, int port, int? largestSegment = null) => hosts.Client.Within(() =>
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        LimitSegments(socket, largestSegment);
        socket.Connect(ServerAt(port));
        return socket;
    });

    private static void LimitSegments(Socket socket, int? octets)
    {
        const int tcp = 6, maximumSegment = 2; // IPPROTO_TCP, TCP_MAXSEG
        if (octets is { } limit)
            socket.SetRawSocketOption(tcp, maximumSegment, BitConverter.GetBytes(limit));
    }
}
