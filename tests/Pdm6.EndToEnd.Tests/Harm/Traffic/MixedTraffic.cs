using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Everything that applications do in a run, all at the same time.</summary>
internal sealed class MixedTraffic : IAsyncDisposable
{
    internal const int BulkPort = 7001, ShortSegmentsPort = 7002, EchoPort = 7010, FragmentPort = 7011;
    internal const int SuperPacketPort = 7020, SuperPacketPiecePort = 7021, SegmentRoutingPort = 7030, GroupPort = 7040;

    private const int Mebibyte = 1 << 20;
    private const int DownloadOctets = 3_000_000;
    // The largest data in a packet of 1280 octets, which every path carries; less where segment routing adds to it.
    private const int LargestData = 1232, LargestDataWithSegments = 1080;
    private static readonly int[] s_small = [.. Enumerable.Range(NumberedBody.SmallestSize, LargestData - NumberedBody.SmallestSize + 1)];
    private static readonly int[] s_withSegments = [8, 64, 200, 512, 1000, LargestDataWithSegments];
    private static readonly int[] s_fragmented = [1233, 1352, 1404, 1405, 1452, 1453, 2000, 2881, 4096, 10_000, 30_000, 65_000];
    private static readonly int[] s_superPackets = [16, 100, 512, 1000, 1184, 1185, LargestData];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-traffic-");
    private readonly List<IAsyncDisposable> _services = [];

    private MixedTraffic()
    {
    }

    internal IReadOnlyList<ITraffic> Kinds { get; private set; } = [];

    /// <summary>Starts the services that the traffic needs.</summary>
    internal static async Task<MixedTraffic> PrepareAsync(HarmNetwork network, Pace pace)
    {
        MixedTraffic traffic = new();
        try
        {
            await traffic.StartServicesAsync(network.Hosts);
        }
        catch
        {
            await traffic.DisposeAsync();
            throw;
        }
        traffic.Kinds = Of(network, pace, traffic._directory.FullName);
        return traffic;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable service in _services)
            await service.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task StartServicesAsync(Laboratory hosts)
    {
        _services.Add(await NameServer.StartAsync(hosts, hosts.Server, LaboratoryAddresses.Server));
        LabProcess http = hosts.Start("the HTTP server", hosts.Server, Pdm6Program.Command(
            "lab", "http-server", "--address", LaboratoryAddresses.Server.ToString()));
        _services.Add(http);
        await http.WaitForLineAsync(HttpServerCommand.ReadyText, TimeSpan.FromSeconds(60));
    }

    private static IReadOnlyList<ITraffic> Of(HarmNetwork network, Pace pace, string directory)
    {
        Laboratory hosts = network.Hosts;
        Way direct = network.Direct;
        return
        [
            new TcpStreams("tcp bulk", pace, direct, BulkPort, 16 * Mebibyte),
            new TcpStreams("tcp short segments", pace, direct, ShortSegmentsPort, 2 * Mebibyte, largestSegment: 536),
            new TcpStreams("tcp ipv4", pace, network.Ipv4, BulkPort, 4 * Mebibyte),
            new TcpStreams("tcp inserted segments", pace, network.InsertedSegments, SegmentRoutingPort, 4 * Mebibyte, largestSegment: 1000),
            new UdpEchoes("udp", pace, direct, EchoPort, s_small, window: 32),
            new UdpEchoes("udp fragments", pace, direct, FragmentPort, s_fragmented, window: 4, askAgain: true),
            new UdpEchoes("udp ipv4", pace, network.Ipv4, EchoPort, s_small, window: 4),
            new UdpEchoes("udp inserted segments", pace, network.InsertedSegments, SegmentRoutingPort, s_withSegments, window: 4),
            new UdpEchoes("udp encapsulated segments", pace, network.EncapsulatedSegments, SegmentRoutingPort, s_withSegments, window: 4),
            new UdpSuperPackets("udp gso", pace, direct, SuperPacketPort, s_superPackets, coalesce: false),
            new UdpSuperPackets("udp gso and gro", pace, direct, SuperPacketPiecePort, s_superPackets, coalesce: true),
            new IcmpEchoes("ping", pace, direct, 0x6d36, s_small, window: 4),
            new IcmpEchoes("ping fragments", pace, direct, 0x6d37, s_fragmented, window: 2, askAgain: true),
            new GroupEchoes("multicast", pace, hosts.ClientLink.First, direct.Source, hosts.ClientLink.Second, HarmNetwork.Group, GroupPort),
            new DnsLookups(hosts, hosts.Client, LaboratoryAddresses.Server, perSecond: 50),
            new HttpRequests(
                "http", hosts.Client, LaboratoryAddresses.Server, ThinkingServer.SmallPort, "/small", ThinkingServer.SmallBody, perSecond: 50),
            new HttpDownloads(hosts.Client, LaboratoryAddresses.Server, DownloadOctets, TimeSpan.FromMilliseconds(200), directory),
        ];
    }
}
