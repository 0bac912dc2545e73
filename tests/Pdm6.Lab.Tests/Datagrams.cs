using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Wire;

namespace Pdm6.Lab.Tests;

/// <summary>Numbered UDP datagrams from client to server: what went in and what came out, in which order.</summary>
internal sealed class Datagrams : IDisposable
{
    private const int ServerPort = 4000;
    private const int Ipv6Level = 41;
    private const int DestinationOptions = 59; // IPV6_DSTOPTS
    private static readonly IPEndPoint s_server = new(IPAddress.Parse(LaboratoryAddresses.Server.ToString()), ServerPort);

    private readonly Socket _sender;
    private readonly Socket _receiver;

    internal Datagrams(Laboratory laboratory)
    {
        _receiver = laboratory.Server.Within(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
            socket.Bind(s_server);
            return socket;
        });
        _sender = laboratory.Client.Within(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(s_server);
            return socket;
        });
    }

    /// <summary>Sends one datagram with a number, behind a protected PDMv2 option with that PSNTP if wanted.</summary>
    internal void Send(int number, bool withOption = false, int pause = 0)
    {
        if (withOption)
            _sender.SetRawSocketOption(Ipv6Level, DestinationOptions, Header((uint)number));
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        _sender.Send(payload);
        if (pause > 0)
            Thread.Sleep(pause);
    }

    /// <summary>The numbers received, until nothing has come for a while.</summary>
    internal List<int> Receive(int quietMilliseconds = 300)
    {
        List<int> numbers = [];
        byte[] payload = new byte[16];
        while (_receiver.Poll(TimeSpan.FromMilliseconds(quietMilliseconds), SelectMode.SelectRead))
        {
            Assert.Equal(4, _receiver.Receive(payload));
            numbers.Add(BinaryPrimitives.ReadInt32BigEndian(payload));
        }
        return numbers;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    /// <summary>A Destination Options header as the egress program makes it: option, then PadN of 6 octets.</summary>
    internal static byte[] Header(uint psntp)
    {
        byte[] header = new byte[48];
        header[1] = 5; // (5 + 1) * 8 octets
        Pdmv2OptionView.WriteHeader(header.AsSpan(2), Pdmv2OptionView.DefaultOptionType, isProtected: true, 0x123, psntp);
        header.AsSpan(10, 32).Fill(0xa5);
        header[42] = 1; // PadN
        header[43] = 4;
        return header;
    }
}
