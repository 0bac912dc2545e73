using System.Net;
using System.Text;

namespace Pdm6.Probe.Native;

/// <summary>
/// A UDP socket over IPv6 only that tells of each datagram when the kernel saw it come in, its destination address, hop
/// limit and traffic class. It never waits and never fragments.
/// </summary>
internal sealed unsafe class DatagramSocket : IDisposable
{
    private const int BufferOctets = 8 << 20;
    // SOF_TIMESTAMPING_*
    internal const int TransmitSoftware = 1 << 1;
    private const int ReceiveSoftware = 1 << 3, ReportSoftware = 1 << 4;
    private const int NumberTransmitStamps = 1 << 7, StampsWithAddress = 1 << 10, StampsWithoutPayload = 1 << 11;
    private const int MemoryInfoWords = 9, DropsWord = 8;

    private readonly TransmitStamping _stamping;

    private DatagramSocket(int descriptor, TransmitStamping stamping) => (Descriptor, _stamping) = (descriptor, stamping);

    internal int Descriptor { get; }

    /// <summary>The port that it is bound to.</summary>
    internal ushort Port
    {
        get
        {
            SocketAddress address;
            int size = sizeof(SocketAddress);
            Require(Libc.getsockname(Descriptor, &address, &size), "asked for its port");
            return (ushort)IPAddress.NetworkToHostOrder((short)address.PortNetworkOrder);
        }
    }

    /// <summary>Opens and binds a socket.</summary>
    /// <exception cref="ProbeException">The system refused; the message says what to do.</exception>
    internal static DatagramSocket Open(DatagramSocketOptions options)
    {
        int descriptor = Libc.socket(
            Libc.AddressFamilyInet6, Libc.SocketDatagram | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        if (descriptor < 0)
            throw new ProbeException($"This system gives no IPv6 socket: {Libc.LastErrorMessage}.");
        DatagramSocket opened = new(descriptor, options.TransmitStamping);
        try
        {
            opened.SetUp(options);
            opened.Bind(options);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Begins the numbers of transmit stamps anew, from 0.</summary>
    internal void RestartTransmitStamps()
    {
        int always = ReceiveSoftware | ReportSoftware | StampsWithAddress | StampsWithoutPayload;
        Set(Libc.SolSocket, Libc.Timestamping, always);
        if (_stamping == TransmitStamping.None)
            return;
        int each = _stamping == TransmitStamping.Every ? TransmitSoftware : 0;
        Set(Libc.SolSocket, Libc.Timestamping, always | NumberTransmitStamps | each);
    }

    /// <summary>Datagrams that came in and were dropped because the socket's buffer was full.</summary>
    internal long Drops()
    {
        uint* words = stackalloc uint[MemoryInfoWords];
        int size = MemoryInfoWords * sizeof(uint);
        Require(Libc.getsockopt(Descriptor, Libc.SolSocket, Libc.MemoryInfo, words, &size), "asked for its drops");
        return words[DropsWord];
    }

    public void Dispose() => _ = Libc.close(Descriptor);

    private void SetUp(DatagramSocketOptions options)
    {
        Set(Libc.SolIpv6, Libc.Ipv6Only, 1);
        Set(Libc.SolIpv6, Libc.Ipv6ReceivePacketInfo, 1);
        Set(Libc.SolIpv6, Libc.Ipv6ReceiveHopLimit, 1);
        Set(Libc.SolIpv6, Libc.Ipv6ReceiveTrafficClass, 1);
        Set(Libc.SolIpv6, Libc.Ipv6ReceiveErrors, 1);
        Set(Libc.SolIpv6, Libc.Ipv6DoNotFragment, 1);
        Set(Libc.SolIpv6, Libc.Ipv6FlowInfoSend, 1);
        Set(Libc.SolIpv6, Libc.Ipv6TrafficClass, options.TrafficClass);
        if (options.HopLimit is { } hopLimit)
            Set(Libc.SolIpv6, Libc.Ipv6UnicastHops, hopLimit);
        // Without the right to exceed the system's limit, what it allows has to do.
        if (!TrySet(Libc.SolSocket, Libc.ReceiveBufferForce, BufferOctets))
            Set(Libc.SolSocket, Libc.ReceiveBuffer, BufferOctets);
        if (!TrySet(Libc.SolSocket, Libc.SendBufferForce, BufferOctets))
            Set(Libc.SolSocket, Libc.SendBuffer, BufferOctets);
        RestartTransmitStamps();
    }

    private void Bind(DatagramSocketOptions options)
    {
        SocketAddress address = new()
        {
            Family = Libc.AddressFamilyInet6,
            PortNetworkOrder = (ushort)IPAddress.HostToNetworkOrder((short)options.Port),
        };
        options.Address.Write(address.Address);
        if (options.Interface is { } name)
        {
            fixed (byte* octets = Encoding.UTF8.GetBytes(name + "\0"))
            {
                address.ScopeId = Libc.if_nametoindex(octets);
                if (address.ScopeId == 0)
                    throw new ProbeException($"There is no network interface '{name}' here. 'ip link' lists them.");
                if (Libc.setsockopt(Descriptor, Libc.SolSocket, Libc.BindToDevice, octets, name.Length) != 0)
                    throw new ProbeException($"The interface '{name}' cannot be used: {Libc.LastErrorMessage}.");
            }
        }
        if (Libc.bind(Descriptor, &address, sizeof(SocketAddress)) != 0)
            throw new ProbeException(
                $"[{options.Address}]:{options.Port} cannot be used: {Libc.LastErrorMessage}. Is the address this host's, and the port free?");
    }

    private void Set(int level, int option, int value)
    {
        if (!TrySet(level, option, value))
            throw new ProbeException($"The socket cannot be set up (level {level}, option {option}): {Libc.LastErrorMessage}.");
    }

    private bool TrySet(int level, int option, int value) =>
        Libc.setsockopt(Descriptor, level, option, &value, sizeof(int)) == 0;

    private static void Require(int result, string doing)
    {
        if (result != 0)
            throw new ProbeException($"The socket failed when {doing}: {Libc.LastErrorMessage}.");
    }
}
