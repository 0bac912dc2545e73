using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>From where to where the packets of a kind of traffic go.</summary>
/// <param name="From">The host that asks.</param>
/// <param name="Source">Its address.</param>
/// <param name="To">The host that answers.</param>
/// <param name="Destination">Its address, or a group's.</param>
internal sealed record Way(NetworkNamespace From, IPAddress Source, NetworkNamespace To, IPAddress Destination)
{
    private const int SocketLevel = 1, ReceiveBufferForce = 33; // SOL_SOCKET, SO_RCVBUFFORCE
    private const int BufferOctets = 16 << 20; // what is under way fits, so that a full buffer loses nothing

    /// <summary>A UDP socket that speaks with <see cref="Destination"/> only.</summary>
    internal Socket ConnectUdp(int port) => From.Within(() =>
    {
        Socket socket = Bind(Source, 0, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(Destination, port);
        return socket;
    });

    /// <summary>A UDP socket at <see cref="Destination"/>.</summary>
    internal Socket ListenUdp(int port) => To.Within(() => Bind(Destination, port, SocketType.Dgram, ProtocolType.Udp));

    /// <summary>A raw socket for ICMPv6 with <see cref="Destination"/>.</summary>
    internal Socket ConnectIcmp() => From.Within(() =>
    {
        Socket socket = Bind(Source, 0, SocketType.Raw, ProtocolType.IcmpV6);
        socket.Connect(Destination, 0);
        return socket;
    });

    internal Socket ConnectTcp(int port, int? largestSegment) => From.Within(() =>
    {
        Socket socket = new(Source.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        LimitSegments(socket, largestSegment);
        socket.Bind(new IPEndPoint(Source, 0));
        socket.Connect(Destination, port);
        return socket;
    });

    internal Socket ListenTcp(int port, int? largestSegment) => To.Within(() =>
    {
        Socket socket = new(Destination.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        LimitSegments(socket, largestSegment);
        socket.Bind(new IPEndPoint(Destination, port));
        socket.Listen();
        return socket;
    });

    /// <summary>A socket for datagrams with room for all that may be under way; may be called in its namespace only.</summary>
    internal static Socket Bind(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        Socket socket = new(address.AddressFamily, type, protocol);
        socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(BufferOctets));
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private static void LimitSegments(Socket socket, int? octets)
    {
        const int tcp = 6, maximumSegment = 2; // IPPROTO_TCP, TCP_MAXSEG
        if (octets is { } limit)
            socket.SetRawSocketOption(tcp, maximumSegment, BitConverter.GetBytes(limit));
    }
}
