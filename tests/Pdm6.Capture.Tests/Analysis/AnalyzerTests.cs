using Pdm6.Capture.Analysis;
using Pdm6.Capture.Reports;
using Pdm6.Capture.Tests.Support;
using Pdm6.Measurement;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Analysis;

public sealed class AnalyzerTests : IDisposable
{
    private const ulong Ms = Trace.Ms;
    /// <summary>A 16-bit delta of up to 100 ms is short of the truth by less than this.</summary>
    private const long RoundingNs = 4_000;

    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly TemporaryFiles _files = new();
    private readonly Context _context = new(Secret);

    public void Dispose() => _files.Dispose();

    private CaptureKeys Keys(params byte[][] baseSecrets)
    {
        CaptureKeys keys = new();
        foreach (byte[] secret in baseSecrets)
        {
            using KeyFile file = _files.Key(secret);
            keys.AddBaseSecret(file, Suite.Aes256Gcm);
        }
        return keys;
    }

    private AnalysisReport Analyze(Trace trace, AnalysisOptions? options = null, ISampleSink? samples = null)
    {
        using CaptureKeys keys = Keys(Secret);
        return trace.Analyze(keys, options, samples);
    }

    private byte[] Sealed(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [_context.Option(flow, psntp, metrics)]);

    private byte[] SealedUdp(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, payload: new byte[13], surplus: _context.Surplus(flow, psntp, metrics, 13));

    private static byte[] Clear(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)]);

    private static byte[] LegacyClear(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics, optionType: 0x0f)]);

    private static byte[] V1(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [Packets.OptionV1(psntp, metrics)]);

    private static void AssertNear(long expected, LatencyHistogram histogram)
    {
        long tolerance = RoundingNs + (long)(expected * LatencyHistogram.RelativeError);
        Assert.InRange(histogram.LeastNs, expected - RoundingNs, expected + RoundingNs);
        Assert.InRange(histogram.GreatestNs, expected - RoundingNs, expected + RoundingNs);
        Assert.InRange(histogram.Quantile(0.5), expected - tolerance, expected + tolerance);
    }

    private static void AssertExchanges(AnalysisReport report, int count)
    {
        Assert.Null(report.Problem);
        Assert.Equal([Packets.Udp(), Packets.Udp().Reverse()], report.Flows.Select(flow => flow.Flow));
        FlowReport question = report.Flows[0], answer = report.Flows[1];
        Assert.Equal((ulong)count - 1, question.RoundTrip.Count);
        AssertNear(25_000_000, question.RoundTrip);
        Assert.Equal((ulong)count - 1, answer.RoundTrip.Count);
        AssertNear(25_000_000, answer.RoundTrip);
        Assert.Equal((ulong)count, answer.ServerDelay.Count);
        AssertNear(3_000_000, answer.ServerDelay);
        Assert.Equal((ulong)count - 1, question.ServerDelay.Count);
        AssertNear(72_000_000, question.ServerDelay);
        Assert.True(question.IsClient);
        Assert.False(answer.IsClient);
        Assert.Equal((ulong)count, report.Totals.ServerDelay.Count);
        Assert.Equal((3, 3), (question.Hops, answer.Hops));
        Assert.Equal((0, 0), (report.Totals.Counts.LostWithinSeries, report.Totals.Counts.Duplicated));
    }

    [Fact]
    public void Analyze_SealedOptions_GivesRoundTripsAndServerDelays()
    {
        AnalysisReport report = Analyze(new Trace().Exchanges(Sealed, 20));
        AssertExchanges(report, 20);
        Assert.Equal(new PacketTally(0, 40, 0, 0, 0), report.Totals.Tally);
    }

    [Fact]
    public void Analyze_UdpOptions_GivesTheSame()
    {
        AnalysisReport report = Analyze(new Trace().Exchanges(SealedUdp, 20));
        AssertExchanges(report, 20);
        Assert.Equal(40, report.Totals.Tally.Opened);
    }

    [Fact]
    public void Analyze_BothCarriagesInOneFlow_AreOneSeries()
    {
        int turn = 0;
        AnalysisReport report = Analyze(new Trace().Exchanges(
            (in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
                turn++ % 3 == 0 ? SealedUdp(flow, psntp, metrics) : Sealed(flow, psntp, metrics), 30));
        AssertExchanges(report, 30);
    }

    public static TheoryData<string> ClearForms => [nameof(Clear), nameof(LegacyClear), nameof(V1)];

    private static Carry ClearForm(string name) => name switch { nameof(Clear) => Clear, nameof(LegacyClear) => LegacyClear, _ => V1 };

    [Theory]
    [MemberData(nameof(ClearForms))]
    public void Analyze_ClearOptionsOfHostsWithoutContext_GivesTheSame(string form)
    {
        AnalysisReport report = Analyze(new Trace().Exchanges(ClearForm(form), 20));
        AssertExchanges(report, 20);
        Assert.Equal(new PacketTally(40, 0, 0, 0, 0), report.Totals.Tally);
    }

    [Theory]
    [MemberData(nameof(ClearForms))]
    public void Analyze_ClearOptionsOfAHostWithContext_CountAndDoNotMeasure(string form)
    {
        AnalysisReport report = Analyze(new Trace()
            .Exchanges(ClearForm(form), 5)
            .Add(Sealed(Packets.Udp(port: 1), 1, default), Trace.Start));
        Assert.Equal(new PacketTally(10, 1, 0, 0, 0), report.Totals.Tally);
        Assert.Equal((0ul, 0ul), (report.Totals.RoundTrip.Count, report.Totals.ServerDelay.Count));
    }

    [Fact]
    public void Analyze_NumbersOf16BitsThatWrap_AreOneSeries()
    {
        AnalysisReport report = Analyze(new Trace().Exchanges(V1, 20, firstPsntp: 65_530));
        AssertExchanges(report, 20);
        Assert.Equal(2, report.Totals.Counts.Series);
    }

    [Fact]
    public void Analyze_LossDuplicatesAndOrder_AreCountedByNumber()
    {
        Trace trace = new();
        void Add(uint psntp, ulong atMs) => trace.Add(Sealed(Packets.Udp(), psntp, default), Trace.Start + atMs * Ms);
        foreach (uint psntp in (uint[])[10, 11, 13, 12, 13, 16, 16, 16, 20])
            Add(psntp, psntp);
        DirectionCounts counts = Assert.Single(Analyze(trace).Flows).Counts;
        Assert.Equal((5, 3, 1), (counts.LostWithinSeries, counts.Duplicated, counts.Reordered));
        Assert.Equal(6, counts.Distinct);
    }

    [Fact]
    public void Analyze_SegmentsOfOneSuperPacket_AreAmbiguous()
    {
        FlowKey flow = new(Packets.A, Packets.B, NextHeader.Tcp, 40_000, 80);
        byte[] option = _context.Option(flow, 5, default);
        Trace trace = new();
        for (uint i = 0; i < 3; i++)
            trace.Add(Packets.Ipv6(flow, [option], new byte[100], tcpSequence: i * 100), Trace.Start + i);
        DirectionCounts counts = Assert.Single(Analyze(trace).Flows).Counts;
        Assert.Equal((2, 0, 0), (counts.Ambiguous, counts.Duplicated, counts.LostWithinSeries));
    }

    [Fact]
    public void Analyze_ForgedMovedAndBrokenOptions_AreRefusedAndCounted()
    {
        FlowKey flow = Packets.Udp(), other = Packets.Udp(port: 9);
        byte[] option = _context.Option(flow, 5, default);
        byte[] forged = [.. option];
        forged[30] ^= 1;
        byte[] unknown = [.. option];
        unknown[2] = 0x30;
        AnalysisReport report = Analyze(new Trace()
            .Add(Packets.Ipv6(flow, [option]), Trace.Start)
            .Add(Packets.Ipv6(flow, [forged]), Trace.Start)
            .Add(Packets.Ipv6(other, [option]), Trace.Start)
            .Add(Packets.Ipv6(flow, [option, option]), Trace.Start)
            .Add(Packets.Ipv6(flow, [option, Packets.OptionV1(1, default)]), Trace.Start)
            .Add(Packets.Ipv6(flow, [[0x1e, 20, .. option[2..22]]]), Trace.Start)
            .Add(Packets.Ipv6(flow, [unknown]), Trace.Start)
            .Add(Packets.Ipv6(flow, [option[..30]]), Trace.Start));
        Assert.Equal(new PacketTally(0, 1, 2, 0, 5), report.Totals.Tally);
        Assert.Equal(1, report.Totals.Counts.Packets);
    }

    [Fact]
    public void Analyze_WithoutKeys_CountsWhatItCannotOpen()
    {
        using CaptureKeys none = Keys();
        AnalysisReport report = new Trace().Exchanges(Sealed, 3).Exchanges(SealedUdp, 2)
            .Add(Packets.Ipv6(Packets.Udp(), [Frames.Option(0x0f, 38)]), Trace.Start).Analyze(none);
        Assert.Equal(new PacketTally(0, 0, 0, 11, 0), report.Totals.Tally);
    }

    [Fact]
    public void Analyze_SeveralBaseSecrets_EachHostIsOpenedByItsOwn()
    {
        byte[] second = new byte[32], third = [.. Enumerable.Repeat((byte)9, 32)];
        Context other = new(second);
        using CaptureKeys keys = Keys(third, Secret, second);
        AnalysisReport report = new Trace().Exchanges(
            (in FlowKey flow, uint psntp, in PdmMetrics metrics) => Packets.Ipv6(
                flow, [(flow.Source == Packets.A ? _context : other).Option(flow, psntp, metrics)]), 20).Analyze(keys);
        AssertExchanges(report, 20);
    }

    [Fact]
    public void Analyze_EpochsThatWrap_AreOneSeries()
    {
        Trace trace = new();
        for (uint i = 0; i < 10; i++)
        {
            Context context = new(Secret, epoch: (ushort)((4093 + i) & 0xfff));
            trace.Add(Packets.Ipv6(Packets.Udp(), [context.Option(Packets.Udp(), i, default)]), Trace.Start + i * Ms);
        }
        DirectionCounts counts = Assert.Single(Analyze(trace).Flows).Counts;
        Assert.Equal((10, 1, 0), (counts.Distinct, counts.Series, counts.LostWithinSeries));
    }

    [Fact]
    public void Analyze_HostsThatShareASecret_EachHasEpochsOfItsOwn()
    {
        ushort[] epochs = [0, 1_500, 3_000];
        Trace trace = new();
        // Every second number first, then those between them.
        uint[] numbers = [.. Enumerable.Range(0, 150).Select(i => (uint)(2 * i)), .. Enumerable.Range(0, 150).Select(i => (uint)(2 * i + 1))];
        for (int i = 0; i < numbers.Length; i++)
            for (int host = 0; host < epochs.Length; host++)
            {
                FlowKey flow = Packets.Udp() with { Source = new Ipv6Address(Packets.Udp().Source.Value + (uint)host) };
                byte[] option = new Context(Secret, epoch: epochs[host]).Option(flow, numbers[i], default);
                trace.Add(Packets.Ipv6(flow, [option]), Trace.Start + (ulong)(i * epochs.Length + host) * Ms);
            }
        // Samples one by one: packets of many flows are not put together first.
        AnalysisReport report = Analyze(trace, samples: new SampleWriter(TextWriter.Null, ReportFormat.Csv));
        Assert.Equal(epochs.Length, report.Flows.Count);
        Assert.All(report.Flows, flow => Assert.Equal((300, 1, 149), (flow.Counts.Distinct, flow.Counts.Series, flow.Counts.Reordered)));
    }

    [Fact]
    public void Analyze_Aes128_OpensWithItsSuite()
    {
        Context context = new(Secret, Suite.Aes128Gcm);
        using CaptureKeys keys = new();
        using (KeyFile file = _files.Key(Secret))
            keys.AddBaseSecret(file, Suite.Aes128Gcm);
        AnalysisReport report = new Trace().Exchanges((in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
            Packets.Ipv6(flow, [context.Option(flow, psntp, metrics)]), 20).Analyze(keys);
        AssertExchanges(report, 20);
    }

    [Fact]
    public void Analyze_PacketsCutByTheSnapLength_KeepTheirPayloadLength()
    {
        byte[] capture = new Trace().Exchanges(Sealed, 20).ToPcapng(snapLength: 14 + 40 + 48 + 8);
        using CaptureKeys keys = Keys(Secret);
        AssertExchanges(Trace.Analyze(capture, keys), 20);
    }

    [Fact]
    public void Analyze_HeadersCutBySnapLength_AreUnreadable()
    {
        byte[] capture = new Trace().Exchanges(Sealed, 2).ToPcapng(snapLength: 14 + 40 + 40);
        using CaptureKeys keys = Keys(Secret);
        AnalysisReport report = Trace.Analyze(capture, keys);
        Assert.Equal((4, 0), (report.Totals.Unreadable, report.Totals.Tally.Packets));
    }

    [Fact]
    public void Analyze_PacketInAPacket_IsMeasured()
    {
        FlowKey tunnel = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), 41, 0, 0);
        AnalysisReport report = Analyze(new Trace().Exchanges(
            (in FlowKey flow, uint psntp, in PdmMetrics metrics) => Packets.Ipv6(tunnel, payload: Sealed(flow, psntp, metrics)), 20));
        AssertExchanges(report, 20);
    }

    [Fact]
    public void Analyze_Fragments_AreCountedAndNotLookedInto()
    {
        byte[] packet = Sealed(Packets.Udp(), 1, default);
        byte[] fragment = [.. packet[..40], NextHeader.DestinationOptions, 0, 0, 1, 0, 0, 0, 9, .. packet[40..]];
        (fragment[6], fragment[5]) = (NextHeader.Fragment, (byte)(fragment.Length - 40));
        AnalysisReport report = Analyze(new Trace().Add(fragment, Trace.Start));
        Assert.Equal((1, 0), (report.Totals.Fragments, report.Totals.Tally.Packets));
    }

    [Fact]
    public void Analyze_TrafficWithoutMeasurements_IsCountedOnly()
    {
        AnalysisReport report = Analyze(new Trace().Add(Packets.Ipv6(Packets.Udp()), Trace.Start).Add([0x45, 0], Trace.Start));
        Assert.Equal((2, 0), (report.Totals.Frames, report.Flows.Count));
    }

    [Fact]
    public void Analyze_MoreFlowsThanAllowed_CountsTheRest()
    {
        Trace trace = new();
        for (int port = 1; port <= 10; port++)
            trace.Add(Sealed(Packets.Udp(port), 1, default), Trace.Start);
        AnalysisReport report = Analyze(trace, new AnalysisOptions { MaxFlows = 4 });
        Assert.Equal((4, 6), (report.Flows.Count, report.Totals.LeftOut));
    }

    public static TheoryData<FlowFilter, int> Filters => new()
    {
        { FlowFilter.Everything, 40 },
        { new FlowFilter(FromNs: Trace.Start + 1000 * Ms), 20 },
        { new FlowFilter(ToNs: Trace.Start + 1000 * Ms), 20 },
        { new FlowFilter(Port: 53), 40 },
        { new FlowFilter(Port: 54), 0 },
        { new FlowFilter(Protocol: NextHeader.Tcp), 0 },
        { new FlowFilter(Network: new Ipv6Prefix(Ipv6Address.Parse("2001:db8::a"), 128)), 40 },
        { new FlowFilter(Network: new Ipv6Prefix(Ipv6Address.Parse("2001:db8:1::"), 48)), 0 },
        { new FlowFilter(Network: new Ipv6Prefix(Ipv6Address.Parse("ff::"), 0)), 40 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Analyze_WithFilter_TakesOnlyWhatPasses(FlowFilter filter, int packets) => Assert.Equal(packets,
        Analyze(new Trace().Exchanges(Sealed, 20), new AnalysisOptions { Filter = filter }).Totals.Tally.Packets);

    [Fact]
    public void Analyze_CaptureCutShort_GivesWhatCameBefore()
    {
        byte[] capture = new Trace().Exchanges(Sealed, 20).ToPcapng();
        using CaptureKeys keys = Keys(Secret);
        AnalysisReport report = Trace.Analyze(capture[..^100], keys);
        Assert.Equal(39, report.Totals.Tally.Opened);
        Assert.Contains("cut short", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Analyze_Timeline_HoldsEverySample()
    {
        AnalysisReport report = Analyze(new Trace().Exchanges(Sealed, 50), new AnalysisOptions { KeepTimeline = true });
        Timeline timeline = Assert.IsType<Timeline>(report.Timeline);
        Assert.Equal(Trace.Start + 10 * Ms, timeline.StartNs);
        Assert.Equal(100, timeline.Bins.Sum(entry => entry.Bin.Packets));
        Assert.Equal(report.Totals.RoundTrip.Count, timeline.Bins.Aggregate(0ul, (sum, entry) => sum + entry.Bin.RoundTrip.Count));
        Assert.Equal(report.Totals.ServerDelay.Count, timeline.Bins.Aggregate(0ul, (sum, entry) => sum + entry.Bin.ServerDelay.Count));
        Assert.InRange(timeline.Bins.Max(entry => entry.Index) * (double)timeline.WidthNs, 4.8e9, 4.92e9);
    }

    [Fact]
    public void Analyze_HostileOctets_NeverThrow()
    {
        byte[] capture = new Trace().Exchanges(Sealed, 4).Exchanges(SealedUdp, 4).Exchanges(V1, 4).Exchanges(Clear, 4).ToPcapng();
        Random random = new(5);
        using CaptureKeys keys = Keys(Secret);
        for (int i = 0; i < 1000; i++)
        {
            byte[] mutant = [.. capture];
            for (int change = random.Next(1, 12); change > 0; change--)
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            AnalysisReport report = Trace.Analyze(mutant[..random.Next(mutant.Length)], keys);
            Assert.True(report.Totals.Tally.Packets >= report.Totals.Tally.Opened);
        }
    }
}
