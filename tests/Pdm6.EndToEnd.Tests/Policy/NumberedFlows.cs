using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Some UDP flows from the client to the server whose datagrams are numbered.</summary>
internal sealed class NumberedFlows : IDisposable
{
    internal const int Port = 7300;
    private const int DatagramSize = 8;

    private readonly Socket _server;
    private readonly Socket[] _clients;

    internal NumberedFlows(Laboratory hosts, IReadOnlyList<ushort> sourcePorts)
    {
        _server = LaboratorySockets.ListenUdp(hosts, Port);
        _clients = [.. sourcePorts.Select(port => hosts.Client.Within(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(LaboratorySockets.At(LaboratoryAddresses.Client, port));
            socket.Connect(LaboratorySockets.ServerAt(Port));
            return socket;
        }))];
    }

    /// <summary>Datagrams sent so far.</summary>
    internal int Sent { get; private set; }

    /// <summary>Sends so many datagrams of each flow, in turns and without a pause, and takes them in.</summary>
    internal Task<FlowArrivals> RunAsync(int each)
    {
        for (int i = 0; i < each; i++)
            SendRound();
        return ReceiveAllAsync();
    }

    /// <summary>Sends the next datagram of each flow. Any thread.</summary>
    internal void SendRound()
    {
        Span<byte> datagram = stackalloc byte[DatagramSize];
        lock (_clients)
            for (int flow = 0; flow < _clients.Length; flow++)
            {
                BinaryPrimitives.WriteInt32BigEndian(datagram, flow);
                BinaryPrimitives.WriteInt32BigEndian(datagram[4..], Sent++);
                _clients[flow].Send(datagram);
            }
    }

    /// <summary>Takes in all that was sent.</summary>
    internal async Task<FlowArrivals> ReceiveAllAsync()
    {
        byte[] datagram = new byte[DatagramSize];
        FlowArrivals arrivals = new(_clients.Length);
        await Poll.UntilAsync(
            () =>
            {
                while (_server.Available > 0)
                {
                    EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
                    _server.ReceiveFrom(datagram, ref from);
                    arrivals.Note(BinaryPrimitives.ReadInt32BigEndian(datagram), BinaryPrimitives.ReadInt32BigEndian(datagram.AsSpan(4)));
                }
                return arrivals.Count >= Sent;
            },
            () => $"of {Sent} datagrams only {arrivals.Count} arrived");
        return arrivals;
    }

    public void Dispose()
    {
        foreach (Socket client in _clients)
            client.Dispose();
        _server.Dispose();
    }
}
