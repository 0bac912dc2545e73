using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Support;

/// <summary>Puts the numbers of a packet into its octets.</summary>
internal delegate byte[] Carry(in FlowKey flow, uint psntp, in PdmMetrics metrics);

/// <summary>Packets at a point of the network, with their times; makes captures of them.</summary>
internal sealed class Trace
{
    public const ulong Ms = 1_000_000;
    public const ulong Start = 1_700_000_000_000 * Ms;

    private readonly List<(byte[] Packet, ulong AtNs)> _packets = [];

    public Trace Add(byte[] packet, ulong atNs)
    {
        _packets.Add((packet, atNs));
        return this;
    }

    /// <summary>
    /// Questions and answers: 10 ms there, 15 ms back, 3 ms at the server, one every 100 ms, captured at the server.
    /// </summary>
    /// <param name="carry">Makes the packets.</param>
    /// <param name="count">Exchanges.</param>
    /// <param name="flow">The question's flow.</param>
    /// <param name="firstPsntp">Both sides' first number.</param>
    public Trace Exchanges(Carry carry, int count, FlowKey? flow = null, uint firstPsntp = 1000)
    {
        FlowKey question = flow ?? Packets.Udp();
        Host client = new(question, firstPsntp), server = new(question.Reverse(), firstPsntp);
        for (int i = 0; i < count; i++)
        {
            ulong asked = Start + (ulong)i * 100 * Ms;
            (uint number, PdmMetrics metrics) = client.Send(asked);
            Add(carry(question, number, metrics), asked + 10 * Ms);
            server.Receive(number, asked + 10 * Ms);
            (number, metrics) = server.Send(asked + 13 * Ms);
            Add(carry(server.Flow, number, metrics), asked + 13 * Ms);
            client.Receive(number, asked + 28 * Ms);
        }
        return this;
    }

    /// <summary>The packets, to be changed.</summary>
    public List<(byte[] Packet, ulong AtNs)> All => _packets;

    /// <summary>A pcapng file over Ethernet.</summary>
    public byte[] ToPcapng(int? snapLength = null)
    {
        MemoryStream stream = new();
        using (PcapngWriter writer = new(stream))
        {
            writer.BeginSection("tests");
            int ethernet = writer.AddInterface(1, 0, "eth0");
            foreach ((byte[] packet, ulong atNs) in _packets)
            {
                byte[] frame = Packets.Ethernet(packet);
                writer.WritePacket(ethernet, atNs, frame.AsSpan(0, Math.Min(frame.Length, snapLength ?? frame.Length)), (uint)frame.Length);
            }
        }
        return stream.ToArray();
    }

    public AnalysisReport Analyze(CaptureKeys keys, AnalysisOptions? options = null, ISampleSink? samples = null) =>
        Analyze(ToPcapng(), keys, options, samples);

    public static AnalysisReport Analyze(byte[] capture, CaptureKeys keys, AnalysisOptions? options = null, ISampleSink? samples = null)
    {
        using CaptureReader reader = new(new MemoryStream(capture));
        return new CaptureAnalyzer(keys, options, samples).Analyze(reader);
    }

    public static string Text(AnalysisReport report, ReportFormat format)
    {
        using StringWriter writer = new();
        AnalysisWriter.Write(writer, report, format);
        return writer.ToString();
    }
}
