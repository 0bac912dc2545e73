using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>UDP GSO: the kernel cuts one buffer into datagrams of a given size (UDP_SEGMENT), the last one shorter.</summary>
internal sealed record UdpSegments(string Name, int Port, IReadOnlyList<int> SegmentSizes) : Exchange(Name)
{
    private const int WholeSegments = 20;
    private const int UdpLevel = 17, SegmentOption = 103; // SOL_UDP, UDP_SEGMENT

    internal override object Rule => RuleFor(Name, "udp", Port);

    /// <summary>Each buffer is one super-packet where agents look.</summary>
    internal override Counts? ClientCounts(int pathMtu) => Counts.Of(0, udpGso: SegmentSizes.Count);

    internal override Counts? ServerCounts(int pathMtu) => Counts.Of(0);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        using CancellationTokenSource patience = new(Patience);
        using Socket server = LaboratorySockets.ListenUdp(hosts, Port);
        using Socket client = LaboratorySockets.ConnectUdp(hosts, Port);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] datagram = new byte[ushort.MaxValue];
        foreach (int segment in SegmentSizes)
        {
            client.SetRawSocketOption(UdpLevel, SegmentOption, BitConverter.GetBytes(segment));
            int octets = WholeSegments * segment + segment / 2;
            await client.SendAsync(Body(octets), patience.Token);
            for (int left = octets; left > 0;)
            {
                int length = await server.ReceiveAsync(datagram, patience.Token);
                Append(received, datagram.AsSpan(0, length));
                left -= length;
            }
        }
        return Text(received);
    }
}
