using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>A stream in each direction of one connection at the same time.</summary>
/// <param name="Name">The exchange and its rule.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Octets">Length of each stream.</param>
/// <param name="SegmentationOffload">Whether the interfaces cut super-packets (TSO); otherwise the kernel does (GSO).</param>
/// <param name="SegmentsTogether">How many segments TCP hands down as one super-packet, at most; 1: none.</param>
/// <param name="LargestSegment">Limit for segments, octets (TCP_MAXSEG); null: what the link carries.</param>
internal sealed record TcpBulk(
    string Name, int Port, int Octets, bool SegmentationOffload, int SegmentsTogether, int? LargestSegment = null) : Exchange(Name)
{
    private const int AsManyAsFit = 65535;

    internal override object Rule => RuleFor(Name, "tcp", Port);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        SetUp(hosts, SegmentationOffload, SegmentsTogether);
        try
        {
            using Socket listener = LaboratorySockets.ListenTcp(hosts, Port, LargestSegment);
            using Socket client = LaboratorySockets.ConnectTcp(hosts, Port, LargestSegment);
            using Socket server = await listener.AcceptAsync();
            Task<string> atServer = ReceiveAsync(server), atClient = ReceiveAsync(client);
            await Task.WhenAll(SendAsync(client), SendAsync(server));
            return $"{await atServer} {await atClient}";
        }
        finally
        {
            SetUp(hosts, segmentationOffload: true, AsManyAsFit);
        }
    }

    private static void SetUp(Laboratory hosts, bool segmentationOffload, int segmentsTogether)
    {
        foreach (LinkEnd end in (LinkEnd[])[hosts.ClientLink.First, hosts.ServerLink.First])
        {
            end.SetOffload(Offload.TcpSegmentation, segmentationOffload);
            end.Namespace.Ip("link", "set", end.Interface, "gso_max_segs", segmentsTogether.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task SendAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(Patience);
        ReadOnlyMemory<byte> left = Body(Octets);
        while (left.Length > 0)
            left = left[await socket.SendAsync(left, patience.Token)..];
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(Patience);
        using NetworkStream stream = new(socket);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, patience.Token));
    }
}
