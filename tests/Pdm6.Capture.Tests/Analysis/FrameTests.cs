using Pdm6.Capture.Analysis;
using Pdm6.Capture.Tests.Support;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Analysis;

public sealed class FrameTests : IDisposable
{
    private const ushort Port = WireSettings.DefaultFramePort;
    private static readonly byte[] Secret = [.. Enumerable.Range(50, 32).Select(i => (byte)i)];
    private static readonly FlowKey Request = Packets.Udp(serverPort: Port);

    private readonly TemporaryFiles _files = new();
    private readonly KeyFile _key;
    private readonly FrameSealer _sealer;

    public FrameTests()
    {
        _key = _files.Key(Secret);
        _sealer = FrameSealer.FromKeyFile(_key);
    }

    public void Dispose()
    {
        _sealer.Dispose();
        _key.Dispose();
        _files.Dispose();
    }

    private byte[] Sealed(uint sequence, UdpFrameFlags flags, byte[] tlvs)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead + tlvs.Length];
        Assert.True(_sealer.TrySeal(new UdpFrameHeader(flags | UdpFrameFlags.Encrypted, 0, sequence, 1), tlvs, frame, out int size));
        return frame[..size];
    }

    private static byte[] Clear(uint sequence, byte[] tlvs)
    {
        byte[] frame = [.. new byte[UdpFrame.HeaderSize], .. tlvs];
        new UdpFrameHeader(UdpFrameFlags.None, 0, sequence, 1).Write(frame);
        return frame;
    }

    private static byte[] Tlvs(params (TlvType Type, ulong Value)[] tlvs)
    {
        byte[] octets = new byte[12 * tlvs.Length];
        TlvWriter writer = new(octets);
        foreach ((TlvType type, ulong value) in tlvs)
            Assert.True(writer.TryWriteU64(type, value));
        return octets;
    }

    private static byte[] PdmTlv(in PdmMetrics metrics)
    {
        byte[] octets = new byte[Tlv.HeaderSize + PdmMetrics.Size], block = new byte[PdmMetrics.Size];
        metrics.Write(block);
        TlvWriter writer = new(octets);
        Assert.True(writer.TryWrite(TlvType.Pdm, block));
        return octets;
    }

    private AnalysisReport Analyze(Trace trace, bool hasKey = true)
    {
        using CaptureKeys keys = hasKey ? new CaptureKeys(_files.Key(Secret)) : new CaptureKeys();
        return trace.Analyze(keys);
    }

    [Fact]
    public void Analyze_ProbeAndReflector_GivesWhatTheirTlvsSay()
    {
        Trace trace = new();
        for (uint i = 0; i < 5; i++)
        {
            // A prober tells its last round trip; it does not have one at first, and the third reply was lost.
            ulong roundTripNs = i switch { 0 => 0, 3 => 2_000_000, _ => i * 1_000_000 };
            trace.Add(Packets.Ipv6(Request, payload: Sealed(i, UdpFrameFlags.Request, Tlvs((TlvType.RoundTrip, roundTripNs)))), Trace.Start + i);
            if (i != 2)
                trace.Add(Packets.Ipv6(Request.Reverse(), payload: Sealed(i, UdpFrameFlags.None,
                    Tlvs((TlvType.ReceiveTime, Trace.Start), (TlvType.SendTime, Trace.Start + 5_000)))), Trace.Start + i);
        }
        AnalysisReport report = Analyze(trace);
        FlowReport request = report.Flows[0], reply = report.Flows[1];
        Assert.Equal((5, 4), (request.Tally.Opened, reply.Tally.Opened));
        Assert.Equal((0, 1), (request.Counts.LostWithinSeries, reply.Counts.LostWithinSeries));
        Assert.Equal((3ul, 1_000_000, 4_000_000), (request.RoundTrip.Count, request.RoundTrip.LeastNs, request.RoundTrip.GreatestNs));
        Assert.Equal((4ul, 5_000, 5_000), (reply.ServerDelay.Count, reply.ServerDelay.LeastNs, reply.ServerDelay.GreatestNs));
    }

    [Fact]
    public void Analyze_FramesWithMetrics_AreMeasuredLikeOptions()
    {
        AnalysisReport report = Analyze(new Trace().Exchanges((in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
            Packets.Ipv6(flow, payload: Sealed(psntp, UdpFrameFlags.None, PdmTlv(metrics))), 10, Request));
        Assert.Equal(9ul, report.Flows[0].RoundTrip.Count);
        Assert.Equal(10ul, report.Flows[1].ServerDelay.Count);
        Assert.InRange(report.Flows[0].RoundTrip.LeastNs, 24_990_000, 25_010_000);
    }

    [Theory]
    [InlineData(Suite.Aes256Gcm)]
    [InlineData(Suite.Aes128Gcm)]
    public void Analyze_FramesOfAContext_OpenWithItsBaseSecret(Suite suite)
    {
        Context context = new(Secret, suite);
        ulong counter = 0;
        Trace trace = new Trace().Exchanges((in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
            Packets.Ipv6(flow, payload: context.Frame(flow, psntp, ++counter, PdmTlv(metrics))), 10, Request);
        byte[] forged = context.Frame(Request, 5, 1, []);
        forged[^1] ^= 1;
        trace.Add(Packets.Ipv6(Request, payload: forged), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Clear(2, Tlvs((TlvType.RoundTrip, 8)))), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Sealed(1, UdpFrameFlags.Request, [])), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: new Context(Secret, suite, epoch: 0x1007).Frame(Request, 6, 1, [])), Trace.Start);
        using CaptureKeys keys = new();
        using (KeyFile file = _files.Key(Secret))
            keys.AddBaseSecret(file, suite);
        AnalysisReport report = trace.Analyze(keys);
        Assert.Equal(new PacketTally(Clear: 1, Opened: 10, AuthenticationFailed: 1, NoKey: 2, Malformed: 0), report.Flows[0].Tally);
        Assert.Equal((9ul, 10ul), (report.Flows[0].RoundTrip.Count, report.Flows[1].ServerDelay.Count));
        Assert.InRange(report.Flows[0].RoundTrip.LeastNs, 24_990_000, 25_010_000);
    }

    [Fact]
    public void Analyze_FramesOfAContextAndOfARawKey_OpenBoth()
    {
        byte[] baseSecret = [.. Secret.Reverse()];
        using CaptureKeys keys = new(_files.Key(Secret));
        using (KeyFile file = _files.Key(baseSecret))
            keys.AddBaseSecret(file, Suite.Aes256Gcm);
        AnalysisReport report = new Trace()
            .Add(Packets.Ipv6(Request, payload: new Context(baseSecret).Frame(Request, 1, 1, [])), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Sealed(1, UdpFrameFlags.Request, [])), Trace.Start)
            .Analyze(keys);
        Assert.Equal(2, Assert.Single(report.Flows).Tally.Opened);
    }

    [Fact]
    public void Analyze_RepeatedForgedAndForeignFrames_AreCountedForWhatTheyAre()
    {
        byte[] frame = Sealed(1, UdpFrameFlags.Request, Tlvs((TlvType.RoundTrip, 7)));
        byte[] forged = [.. frame];
        forged[^1] ^= 1;
        AnalysisReport report = Analyze(new Trace()
            .Add(Packets.Ipv6(Request, payload: frame), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: frame), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: forged), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: frame[..^1]), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Clear(2, Tlvs((TlvType.RoundTrip, 8)))), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: [1, 2, 3]), Trace.Start)
            .Add(Packets.Ipv6(Packets.Udp(), payload: frame), Trace.Start));
        FlowReport flow = Assert.Single(report.Flows);
        Assert.Equal(new PacketTally(Clear: 1, Opened: 2, AuthenticationFailed: 1, NoKey: 0, Malformed: 1), flow.Tally);
        Assert.Equal((1, 1ul), (flow.Counts.Duplicated, flow.RoundTrip.Count));
    }

    [Fact]
    public void Analyze_WithoutKey_MeasuresClearFramesOnly()
    {
        AnalysisReport report = Analyze(new Trace()
            .Add(Packets.Ipv6(Request, payload: Sealed(1, UdpFrameFlags.Request, [])), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Clear(2, Tlvs((TlvType.RoundTrip, 8)))), Trace.Start), hasKey: false);
        Assert.Equal((1, 1), (report.Totals.Tally.NoKey, report.Totals.Tally.Clear));
        Assert.Equal(8, report.Totals.RoundTrip.LeastNs);
    }

    [Fact]
    public void Analyze_FrameCutByTheSnapLength_IsUnreadable()
    {
        byte[] packet = Packets.Ipv6(Request, payload: Sealed(1, UdpFrameFlags.Request, []));
        using CaptureKeys keys = new(_files.Key(Secret));
        AnalysisReport report = Trace.Analyze(new Trace().Add(packet, Trace.Start).ToPcapng(snapLength: 14 + packet.Length - 1), keys);
        Assert.Equal((1, 0), (report.Totals.Unreadable, report.Totals.Tally.Packets));
    }

    [Fact]
    public void Analyze_TimesThatRunBackOrOverflow_GiveNoServerDelay()
    {
        AnalysisReport report = Analyze(new Trace()
            .Add(Packets.Ipv6(Request, payload: Sealed(1, 0, Tlvs((TlvType.ReceiveTime, 9), (TlvType.SendTime, 8)))), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Sealed(2, 0, Tlvs((TlvType.ReceiveTime, 1), (TlvType.SendTime, ulong.MaxValue)))), Trace.Start)
            .Add(Packets.Ipv6(Request, payload: Sealed(3, 0, Tlvs((TlvType.RoundTrip, ulong.MaxValue)))), Trace.Start));
        Assert.Equal((3, 0ul, 0ul), (report.Totals.Tally.Opened, report.Totals.ServerDelay.Count, report.Totals.RoundTrip.Count));
    }
}
