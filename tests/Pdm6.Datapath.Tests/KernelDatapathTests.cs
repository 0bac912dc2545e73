using System.Buffers.Binary;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

public class KernelDatapathTests
{
    [KernelFact]
    public void Load_Options_ReachTheKernel()
    {
        using KernelDatapath datapath = KernelDatapath.Load(new DatapathOptions
        {
            FlowTableSize = 100, RingSize = 8192, OptionType = 0x3e, PathMtu = 1400, Strip = true, ReportUnknownPairs = true,
        });

        Assert.True(datapath.Map("settings").TryGet(0u, out AbiSettings settings));
        Assert.Equal((0x3eu, 1400u, 1u, 1u), (settings.OptionType, settings.PathMtu, settings.Strip, settings.ReportUnknownPairs));
        Assert.Equal([100u, 100u, 100u, 8192u],
            ((string[])["flows", "slots", "free_slots", "records"]).Select(map => datapath.Map(map).MaxEntries));
    }

    [Theory]
    [InlineData(0, 4096, 1280)]
    [InlineData(1, 5000, 1280)]
    [InlineData(1, 2048, 1280)]
    [InlineData(1, 4096, 1279)]
    public void Load_ImpossibleOptions_AreACallersMistake(int flowTableSize, int ringSize, int pathMtu) =>
        Assert.ThrowsAny<ArgumentException>(() => KernelDatapath.Load(
            new DatapathOptions { FlowTableSize = flowTableSize, RingSize = ringSize, PathMtu = pathMtu }));

    [KernelFact]
    public void Load_TwoDatapaths_ShareNoMap()
    {
        using KernelDatapath first = TestDatapath.Load(), second = TestDatapath.Load();
        Assert.True(first.TryPopFreeSlot(out _));
        first.Map("global_pointers").Set(0u, 42ul);

        Assert.True(second.Map("global_pointers").TryGet(0u, out ulong value));
        Assert.Equal(0ul, value);
    }

    [KernelFact]
    public void DrainRecords_UnknownPair_ReachesTheSink() => OwnNamespace.Run(() =>
    {
        using KernelDatapath datapath = KernelDatapath.Load(
            new DatapathOptions { FlowTableSize = 4, RingSize = 1 << 16, ReportUnknownPairs = true });
        datapath.SetPolicy(PolicyTables.Compile([new PolicyRule([new Ipv6Prefix(default, 0)], [], [])]));
        RecordedSink sink = new();

        datapath.Program("pdm6_egress").TestRun(TestPackets.Udp(TestDatapath.Pair, 1000, 53, 20));
        datapath.DrainRecords(sink, 0);

        Assert.Equal([TestDatapath.Pair], sink.UnknownPairs);
        Assert.Equal(1ul, datapath.ReadCounters().OfRule(0, PacketOutcome.Selected));
        Assert.Equal(1ul, datapath.ReadCounters().OfRule(0, PacketOutcome.NoKey));
    });

    [KernelFact]
    public void DrainRecords_ClearOption_IsAnObservationInUnixTime()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        RecordedSink sink = new();
        long unixMinusBoot = BootClock.UnixMinusBootNs();
        byte[] packet = TestPackets.UdpWithClearOption(TestDatapath.Pair, 1000, 53, 20);

        datapath.Program("pdm6_ingress").TestRun(packet);
        datapath.DrainRecords(sink, unixMinusBoot);

        Observation seen = Assert.Single(sink.Observations);
        Assert.Equal(new FlowKey(TestDatapath.Pair.Source, TestDatapath.Pair.Destination, NextHeader.Udp, 1000, 53), seen.Flow);
        Assert.Equal(ObservationVerdict.Clear, seen.Verdict);
        Assert.Equal((20, 64, 24, 0xabcd), (seen.PayloadLength, seen.HopLimit, seen.OptionLength, seen.UpperChecksum));
        double ageSeconds = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)(seen.ObservedAtNs / 1_000_000)) / 1000.0;
        Assert.InRange(ageSeconds, -1, 60);
        Assert.Equal(1ul, datapath.ReadCounters().OfVerdict(ObservationVerdict.Clear));
    }

    [KernelTheory]
    [InlineData(0, 30)] // impossible: all that is there
    [InlineData(7, 30)]
    [InlineData(8, 0)]
    [InlineData(28, 20)] // ten octets of a surplus area
    [InlineData(38, 30)]
    [InlineData(39, 30)]
    public void DrainRecords_UdpLength_EndsThePayload(int udpLength, int payload)
    {
        using KernelDatapath datapath = TestDatapath.Load();
        RecordedSink sink = new();
        byte[] packet = TestPackets.UdpWithClearOption(TestDatapath.Pair, 1000, 53, 30);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(packet.Length - 34), (ushort)udpLength);

        datapath.Program("pdm6_ingress").TestRun(packet);
        datapath.DrainRecords(sink, 0);

        Observation seen = Assert.Single(sink.Observations);
        Assert.Equal((payload, 0xabcd), (seen.PayloadLength, seen.UpperChecksum));
    }

    [KernelTheory]
    [InlineData("1e1620", ObservationVerdict.Clear)]
    [InlineData("1e1630", ObservationVerdict.UnknownVersion)]
    [InlineData("1e0120" + "0113", ObservationVerdict.Malformed)]
    [InlineData("1e0130" + "0113", ObservationVerdict.UnknownVersion)] // the version is inside, whatever the length
    [InlineData("1e00" + "3012", ObservationVerdict.Malformed)]
    [InlineData("1e2620", ObservationVerdict.Malformed)] // alone, and longer than its header
    public void DrainRecords_BrokenOption_IsToldByVersionThenLength(string octets, ObservationVerdict verdict)
    {
        const int optionsOffset = 14 + 40 + 2;
        using KernelDatapath datapath = TestDatapath.Load();
        RecordedSink sink = new();
        byte[] packet = TestPackets.UdpWithClearOption(TestDatapath.Pair, 1000, 53, 30);
        Convert.FromHexString(octets).CopyTo(packet, optionsOffset);

        datapath.Program("pdm6_ingress").TestRun(packet);
        datapath.DrainRecords(sink, 0);

        Assert.Equal(verdict, Assert.Single(sink.Observations).Verdict);
    }

    [KernelFact]
    public void Open_NoElf_ThrowsWithText()
    {
        DatapathException refused = Assert.Throws<DatapathException>(() => BpfObject.Open(new byte[100]));

        Assert.StartsWith("The eBPF object cannot be read: ", refused.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Load_ProgramThatTheVerifierRefuses_ThrowsWithItsLog()
    {
        using BpfObject programs = TestObjects.Open("refused.bpf.o");

        DatapathException refused = Assert.Throws<DatapathException>(programs.Load);

        Assert.StartsWith("The kernel refused the eBPF programs: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("invalid mem access 'map_value_or_null'", refused.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void ToName_EveryOutcome_IsKebabCase() =>
        Assert.Equal(["selected", "sealed", "forwarded", "malformed-packet", "multicast", "self", "fragment", "ipsec", "jumbo",
            "extension-header", "icmp-exempt", "udp-gso", "tiny-segments", "mtu", "no-key", "past-deadline", "flow-table-full",
            "flow-busy", "numbers-exhausted", "no-room", "not-sampled", "sent-clear", "no-form", "has-pdm", "options-full",
            "routing-header", "over-cap", "surplus-area", "path-probe"], PacketOutcomeNames.All.Select(outcome => outcome.ToName()));

    private sealed class RecordedSink : IRecordSink
    {
        public List<Observation> Observations { get; } = [];
        public List<AddressPair> UnknownPairs { get; } = [];
        public void Observed(in Observation observation) => Observations.Add(observation);
        public void UnknownPair(in AddressPair pair) => UnknownPairs.Add(pair);

        public void Busy(in BusyFlow flow) => throw new InvalidOperationException("Nobody asked for busy flows.");
    }
}
