using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Nonces;

/// <summary>
/// A host whose only neighbour answers nothing, and traffic on it that never changes its five fields: one UDP flow from
/// a socket that stays open, one ICMPv6 echo flow.
/// </summary>
internal sealed class MeasuredHost : IAsyncDisposable
{
    internal const string Interface = "measured0";
    private const int SourcePort = 40_000, DestinationPort = 53;
    private const string EchoIdentifier = "4242", EchoIntervalSeconds = "0.005";

    private static readonly Ipv6Address s_address = Ipv6Address.Parse("2001:db8::1"), s_silent = Ipv6Address.Parse("2001:db8::2");
    private static readonly TimeSpan s_datagramInterval = TimeSpan.FromMilliseconds(1);

    private readonly NetworkNamespace _host;
    private readonly NetworkNamespace _wire;
    private readonly LabProcess _ping;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    internal MeasuredHost(byte number)
    {
        _host = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, number, "host"));
        try
        {
            _wire = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, number, "wire"));
            VethPair link = VethPair.Create(new LinkEnd(_host, Interface), new LinkEnd(_wire, "wire0"));
            link.First.AddAddress(s_address, 64);
            link.First.AddNeighbour(s_silent, link.Second.HardwareAddress);
            Capture = _wire.Within(() => new WireCapture("wire0"));
            _socket = _host.Within(OpenSocket);
            _ping = LabProcess.Start("ping", _host.Inside(CommandLine.Of(
                "ping", "-6", "-q", "-i", EchoIntervalSeconds, "-e", EchoIdentifier, s_silent.ToString())));
        }
        catch
        {
            _socket?.Dispose();
            Capture?.Dispose();
            _wire?.Dispose();
            _host.Dispose();
            throw;
        }
        _sending = SendAsync();
    }

    /// <summary>All that leaves the host.</summary>
    internal WireCapture Capture { get; }

    /// <summary>Starts a program on the host.</summary>
    internal LabProcess Start(string name, CommandLine command) => LabProcess.Start(name, _host.Inside(command));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _socket.Dispose();
        await _ping.DisposeAsync();
        Capture.Dispose();
        _host.Dispose();
        _wire.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using PeriodicTimer timer = new(s_datagramInterval);
        while (!_stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync();
            _socket.Send("pdm6"u8);
        }
    }

    private static Socket OpenSocket()
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(EndPoint(s_address, SourcePort));
        socket.Connect(EndPoint(s_silent, DestinationPort));
        return socket;
    }

    private static IPEndPoint EndPoint(Ipv6Address address, int port) => new(IPAddress.Parse(address.ToString()), port);
}
