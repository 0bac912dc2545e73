using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>Some UDP flows from the client to the server whose datagrams are numbered.</summary>
internal sealed class NumberedFlows : IDisposable
{
    internal const int Port = 7300;

    private readonly Socket _server;
    private readonly Socket[] _clients;
    private readonly byte[] _datagram = new byte[8];

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

    /// <summary>Sends so many datagrams of each flow, in turns and without a pause, and takes them in.</summary>
    internal async Task<FlowArrivals> RunAsync(int each)
    {
        for (int number = 0; number < each; number++)
            for (int flow = 0; flow < _clients.Length; flow++)
            {
                BinaryPrimitives.WriteInt32BigEndian(_datagram, flow);
                BinaryPrimitives.WriteInt32BigEndian(_datagram.AsSpan(4), number);
                _clients[flow].Send(_datagram);
            }
        FlowArrivals arrivals = new(_clients.Length);
        await Poll.UntilAsync(
            () =>
            {
                while (_server.Available > 0)
                {
                    EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
                    _server.ReceiveFrom(_datagram, ref from);
                    arrivals.Note(BinaryPrimitives.ReadInt32BigEndian(_datagram), BinaryPrimitives.ReadInt32BigEndian(_datagram.AsSpan(4)));
                }
                return arrivals.Count >= each * _clients.Length;
            },
            () => $"of {each * _clients.Length} datagrams only {arrivals.Count} arrived");
        return arrivals;
    }

    public void Dispose()
    {
        foreach (Socket client in _clients)
            client.Dispose();
        _server.Dispose();
    }
}
