using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Datagrams of given sizes, each sent back by the server before the next one goes.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Port">The server's.</param>
/// <param name="Sizes">Octets of each datagram.</param>
/// <param name="IsUdpOption">The rule asks for a UDP option.</param>
/// <param name="Prepare">What is done to both sockets first.</param>
internal sealed record UdpEcho(string Name, int Port, IReadOnlyList<int> Sizes, bool IsUdpOption = false, Action<Socket>? Prepare = null)
    : Exchange(Name)
{
    internal override object Rule => new
    {
        name = Name, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[Port],
        carriage = IsUdpOption ? "udp-option" : "destopt-v2",
    };

    internal override Counts? ClientCounts(int pathMtu) => PacketSizes.Expect(Sizes, pathMtu, IsUdpOption);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        using CancellationTokenSource patience = new(Patience);
        using Socket server = LaboratorySockets.ListenUdp(hosts, Port);
        using Socket client = LaboratorySockets.ConnectUdp(hosts, Port);
        Prepare?.Invoke(server);
        Prepare?.Invoke(client);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Task<string> echo = EchoAsync(server, patience.Token);
        byte[] body = Body(ushort.MaxValue), answer = new byte[ushort.MaxValue];
        foreach (int size in Sizes)
        {
            await client.SendAsync(body.AsMemory(0, size), patience.Token);
            int length = await client.ReceiveAsync(answer, patience.Token);
            Append(received, answer.AsSpan(0, length));
        }
        return $"{await echo} {Text(received)}";
    }

    private async Task<string> EchoAsync(Socket server, CancellationToken stop)
    {
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] datagram = new byte[ushort.MaxValue];
        EndPoint anybody = new IPEndPoint(IPAddress.IPv6Any, 0);
        for (int count = 0; count < Sizes.Count; count++)
        {
            SocketReceiveFromResult result = await server.ReceiveFromAsync(datagram, anybody, stop);
            Append(received, datagram.AsSpan(0, result.ReceivedBytes));
            await server.SendToAsync(datagram.AsMemory(0, result.ReceivedBytes), result.RemoteEndPoint, stop);
        }
        return Text(received);
    }
}
