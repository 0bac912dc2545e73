using Pdm6.Capture.Analysis;
using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Analysis;

public class LargeCaptureTests
{
    private const long Size = 5L << 30;
    private const int Flows = 5_000;
    private const long MostHeap = 400 << 20;

    [LongFact]
    public void Analyze_FiveGigabytes_TakesMemoryForFlowsOnly()
    {
        using TemporaryFiles files = new();
        string path = files.Path("large.pcapng");
        long exchanges = Write(path);
        Assert.True(new FileInfo(path).Length >= Size);
        using CaptureKeys none = new();
        using CaptureReader reader = CaptureReader.Open(path);
        long mostHeap = 0;
        AnalysisReport report = new CaptureAnalyzer(none).Analyze(
            reader, () => mostHeap = Math.Max(mostHeap, GC.GetTotalMemory(forceFullCollection: false)));
        Assert.Null(report.Problem);
        Assert.Equal((2 * exchanges, 2 * Flows), (report.Totals.Tally.Clear, report.Flows.Count));
        Assert.Equal((ulong)(2 * (exchanges - Flows)), report.Totals.RoundTrip.Count);
        Assert.Equal(0, report.Totals.Counts.LostWithinSeries);
        Assert.InRange(mostHeap, 1, MostHeap);
    }

    /// <summary>Questions and answers of 1400 octets, the flows in turn.</summary>
    private static long Write(string path)
    {
        Host[] clients = [.. Enumerable.Range(0, Flows).Select(i => new Host(Packets.Udp(10_000 + i)))];
        Host[] servers = [.. clients.Select(client => new Host(client.Flow.Reverse()))];
        using PcapngWriter writer = new(File.Create(path));
        writer.BeginSection("tests");
        writer.AddInterface(1, 0);
        byte[] payload = new byte[1400];
        long written = 0, exchanges = 0;
        void Add(in FlowKey flow, uint psntp, in PdmMetrics metrics, ulong atNs)
        {
            byte[] frame = Packets.Ethernet(Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)], payload));
            writer.WritePacket(0, atNs, frame, (uint)frame.Length);
            written += frame.Length;
        }
        for (ulong now = Trace.Start; written < Size; now += 10_000)
        {
            int i = (int)(exchanges++ % Flows);
            (uint number, PdmMetrics metrics) = clients[i].Send(now);
            Add(clients[i].Flow, number, metrics, now);
            servers[i].Receive(number, now + 1_000);
            (number, metrics) = servers[i].Send(now + 2_000);
            Add(servers[i].Flow, number, metrics, now + 2_000);
            clients[i].Receive(number, now + 3_000);
        }
        return exchanges;
    }
}
