using Pdm6.Export;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>All exchanges without agents, then with agents in several settings, in one laboratory.</summary>
public sealed class TransparencyRuns : IAsyncLifetime
{
    private const int Mebibyte = 1 << 20;

    internal static readonly Stage WithoutAgents = new("no agents", null, false);

    internal static readonly Stage[] WithAgents =
        [new("path MTU 1280", 1280, false), new("path MTU 1500", 1500, false), new("strip", 1280, true)];

    internal static readonly Exchange[] Exchanges =
    [
        new TcpBulk("tcp-tso", 7001, 16 * Mebibyte, SegmentationOffload: true, SegmentsTogether: 65535),
        new TcpBulk("tcp-gso", 7002, 16 * Mebibyte, SegmentationOffload: false, SegmentsTogether: 65535),
        new TcpBulk("tcp-single-segments", 7003, 4 * Mebibyte, SegmentationOffload: false, SegmentsTogether: 1),
        new TcpBulk("tcp-short-segments", 7004, 4 * Mebibyte, SegmentationOffload: false, SegmentsTogether: 1, LargestSegment: 1100),
        new TcpBulk("tcp-tiny-segments", 7009, Mebibyte, SegmentationOffload: true, SegmentsTogether: 65535, LargestSegment: 200),
        new TcpMessages("tcp-messages", 7005, Messages: 1000),
        new UdpEcho("udp-whole", 7006, [.. Enumerable.Range(0, PacketSizes.LargestWhole + 1)]),
        new UdpEcho("udp-option", 7010, [.. Enumerable.Range(0, PacketSizes.LargestWhole + 1)], IsUdpOption: true),
        new UdpEcho("udp-fragments", 7007, [PacketSizes.LargestWhole + 1, 1500, 2000, 2881, 4096, 10_000, 30_000, 65_000]),
        new UdpSegments("udp-gso", 7008, [1, 100, 512, 1000, 1184, 1185, 1232, 1404, 1452]),
        new IcmpEcho("ping", [.. Enumerable.Range(0, 64), 1000, 1183, 1184, 1185, 1404, 1405, 1452, 1453, 2000, 8000, 65_000]),
        new DnsAnswers("dns"),
        new HttpBodies("http"),
    ];

    private readonly Dictionary<(Stage, Exchange), ExchangeResult> _results = [];

    internal ExchangeResult this[Stage stage, Exchange exchange] => _results[(stage, exchange)];

    public async Task InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // every test that would look is skipped
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        foreach (Exchange exchange in Exchanges)
            _results[(WithoutAgents, exchange)] = await RunAsync(laboratory, exchange);
        foreach (Stage stage in WithAgents)
        {
            await laboratory.StartAgentsAsync([.. Exchanges.Select(exchange => exchange.Rule)], stage.PathMtu!.Value, stage.Strip);
            foreach (Exchange exchange in Exchanges)
                _results[(stage, exchange)] = await RunCountedAsync(laboratory, exchange);
            await laboratory.StopAgentsAsync();
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal static async Task<ExchangeResult> RunCountedAsync(MeasuredLaboratory laboratory, Exchange exchange)
    {
        CounterReport[] before = await Task.WhenAll(laboratory.Client.CountersAsync(), laboratory.Server.CountersAsync());
        ExchangeResult result = await RunAsync(laboratory, exchange);
        CounterReport[] after = await Task.WhenAll(laboratory.Client.CountersAsync(), laboratory.Server.CountersAsync());
        return result with
        {
            Client = Counts.Between(before[0], after[0], exchange.Name),
            Server = Counts.Between(before[1], after[1], exchange.Name),
            ToClient = ExchangeResult.Verdicts(before[0], after[0]),
            ToServer = ExchangeResult.Verdicts(before[1], after[1]),
        };
    }

    private static async Task<ExchangeResult> RunAsync(MeasuredLaboratory laboratory, Exchange exchange)
    {
        try
        {
            return new ExchangeResult(await exchange.RunAsync(laboratory.Hosts), null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // One exchange that fails must not hide what the others show; its own tests report it.
            return new ExchangeResult("", error.ToString());
        }
    }
}
