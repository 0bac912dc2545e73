using System.Buffers.Binary;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Anonymization;
using Pdm6.Capture.Reports;
using Pdm6.Capture.Tests.Support;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Anonymization;

public sealed class AnonymizerTests : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    private readonly AddressAnonymizer _addresses = new(Secret);

    public void Dispose() => _addresses.Dispose();

    private static Ipv6Address At(string text) => Ipv6Address.Parse(text);

    private Ipv6Address Map(string text) => _addresses.Map(At(text));

    private static int SharedBits(Ipv6Address one, Ipv6Address other) => (int)UInt128.LeadingZeroCount(one.Value ^ other.Value);

    private byte[] Anonymize(byte[] packet, bool keepsPayload = false)
    {
        MemoryStream stream = new();
        using CaptureReader capture = new(new MemoryStream(new Trace().Add(packet, Trace.Start).ToPcapng()));
        using PcapngWriter copy = new(stream);
        new CaptureAnonymizer(_addresses, new WireSettings(), keepsPayload).Anonymize(capture, copy);
        copy.Flush();
        using CaptureReader read = new(new MemoryStream(stream.ToArray()));
        Assert.True(read.TryReadNext(out CapturedFrame frame));
        Assert.Equal((Trace.Start, (uint)packet.Length), (frame.TimestampNs, frame.OriginalLength));
        return frame.Octets.ToArray();
    }

    private static void AssertRightChecksum(byte[] packet)
    {
        Assert.True(Ipv6PacketView.TryRead(packet, out Ipv6PacketView view));
        Assert.True(InternetChecksum.TryVerify(view, out bool isRight) && isRight);
    }

    [Fact]
    public void Map_PairsOfAddresses_ShareAsLongAPrefixAsBefore()
    {
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            UInt128 one = new((ulong)random.NextInt64() | 1ul << 61, (ulong)random.NextInt64());
            int shared = random.Next(3, 128);
            UInt128 other = one ^ (UInt128.One << (127 - shared)) ^ (UInt128)(ulong)random.NextInt64() % (UInt128.One << (127 - shared));
            Ipv6Address a = new(one), b = new(other);
            Assert.Equal(shared, SharedBits(a, b));
            Assert.Equal(shared, SharedBits(_addresses.Map(a), _addresses.Map(b)));
        }
    }

    [Fact]
    public void Map_OtherSecret_GivesOtherAddresses()
    {
        using AddressAnonymizer same = new(Secret), other = new(new byte[32]);
        Ipv6Address address = At("2001:db8::a");
        Assert.NotEqual(address, _addresses.Map(address));
        Assert.Equal(_addresses.Map(address), same.Map(address));
        Assert.NotEqual(_addresses.Map(address), other.Map(address));
        Assert.Throws<ArgumentException>(() => new AddressAnonymizer(new byte[31]));
    }

    [Theory]
    [InlineData("::", 128)]
    [InlineData("::1", 128)]
    [InlineData("ff02::1", 128)]
    [InlineData("ff02::1:ff00:1234", 104)]
    [InlineData("fe80::1:2", 64)]
    public void Map_AddressesThatSayNothing_KeepWhatSaysNothing(string address, int kept)
    {
        int shared = SharedBits(At(address), Map(address));
        Assert.True(shared >= kept, $"{shared} bits are kept");
        Assert.Equal(kept == 128, Map(address) == At(address));
    }

    [Fact]
    public void Anonymize_Udp_CutsThePayloadAndKeepsTheRest()
    {
        FlowKey flow = Packets.Udp();
        byte[] option = Packets.ClearOption(5, new PdmMetrics(1, 2, new PdmTime(3, 4), new PdmTime(5, 6)));
        byte[] packet = Packets.Ipv6(flow, [option], [.. "secret.example"u8]);
        byte[] copy = Anonymize(packet);
        Assert.Equal(packet.Length - 14, copy.Length);
        FlowKey mapped = flow with { Source = _addresses.Map(flow.Source), Destination = _addresses.Map(flow.Destination) };
        Assert.Equal(Packets.Ipv6(mapped, [option], [.. "secret.example"u8])[..copy.Length], copy);
    }

    [Theory]
    [InlineData(NextHeader.Udp)]
    [InlineData(NextHeader.Tcp)]
    [InlineData(NextHeader.Icmpv6)]
    public void Anonymize_WithPayload_HasRightChecksums(byte protocol)
    {
        FlowKey flow = protocol == NextHeader.Icmpv6
            ? new FlowKey(Packets.A, Packets.B, protocol, 128 << 8, 9)
            : new FlowKey(Packets.A, Packets.B, protocol, 1, 2);
        byte[] packet = Packets.Ipv6(flow, payload: [1, 2, 3, 4, 5]);
        byte[] copy = Anonymize(packet, keepsPayload: true);
        Assert.Equal(packet.Length, copy.Length);
        Assert.NotEqual(packet, copy);
        AssertRightChecksum(copy);
    }

    [Fact]
    public void Anonymize_IcmpErrorWithAQuote_MapsTheQuoteToo()
    {
        byte[] quoted = Packets.Ipv6(Packets.Udp(), payload: [1, 2, 3, 4]);
        FlowKey error = new(At("2001:db8::1"), Packets.A, NextHeader.Icmpv6, 1 << 8, 0);
        byte[] copy = Anonymize(Packets.Ipv6(error, payload: quoted));
        byte[] inner = copy[48..];
        Assert.True(Ipv6PacketView.TryRead(inner, out Ipv6PacketView view));
        Assert.Equal((_addresses.Map(Packets.A), _addresses.Map(Packets.B)), (view.Source, view.Destination));
        Assert.Equal(48, inner.Length);
        // With what was cut off put back, both checksums are right.
        AssertRightChecksum([.. inner, 1, 2, 3, 4]);
        AssertRightChecksum([.. copy, 1, 2, 3, 4]);
    }

    [Fact]
    public void Anonymize_NeighbourSolicitation_KeepsNothingThatNamesAHost()
    {
        FlowKey flow = new(Packets.A, At("ff02::1:ff00:b"), NextHeader.Icmpv6, 135 << 8, 0);
        byte[] target = new byte[16];
        Packets.B.Write(target);
        Assert.Equal(44, Anonymize(Packets.Ipv6(flow, payload: target)).Length);
    }

    [Fact]
    public void Anonymize_SegmentRouting_MapsEverySegment()
    {
        byte[] udp = Packets.Ipv6(Packets.Udp(), payload: [1, 2])[40..];
        byte[] routing = [NextHeader.Udp, 4, 4, 1, 1, 0, 0, 0, .. new byte[32]];
        Packets.B.Write(routing.AsSpan(8));
        At("2001:db8::5").Write(routing.AsSpan(24));
        byte[] packet = [.. Packets.Ipv6(Packets.Udp())[..40], .. routing, .. udp];
        packet[6] = NextHeader.Routing;
        At("2001:db8::5").Write(packet.AsSpan(24));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
        AssertRightChecksum(packet);
        byte[] copy = Anonymize(packet, keepsPayload: true);
        AssertRightChecksum(copy);
        Assert.Equal(_addresses.Map(Packets.B), Ipv6Address.Read(copy.AsSpan(48)));
        Assert.Equal(Map("2001:db8::5"), Ipv6Address.Read(copy.AsSpan(64)));
        Assert.Equal(Map("2001:db8::5"), Ipv6Address.Read(copy.AsSpan(24)));
    }

    [Fact]
    public void Anonymize_UdpOptionBehindAPayload_KeepsTheOptionAndBlanksThePayload()
    {
        byte[] surplus = new byte[UdpOption.ClearSurplusSize + 1];
        UdpOption.WriteClear(surplus, startsAtOddOffset: true, 5, default);
        byte[] copy = Anonymize(Packets.Ipv6(Packets.Udp(), payload: [1, 2, 3, 4, 5], surplus: surplus));
        Assert.Equal(new byte[5], copy[48..53]);
        Assert.Equal(surplus, copy[53..]);
        AssertRightChecksum(copy);
    }

    [Fact]
    public void Anonymize_ClearCapture_MeasuresTheSame()
    {
        byte[] capture = new Trace().Exchanges((in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
            Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)]), 20).ToPcapng();
        MemoryStream copy = new();
        using (CaptureReader reader = new(new MemoryStream(capture)))
        using (PcapngWriter writer = new(copy))
        {
            AnonymizationTally tally = new CaptureAnonymizer(_addresses, new WireSettings()).Anonymize(reader, writer);
            Assert.Equal(new AnonymizationTally(40, 0), tally);
        }
        using CaptureKeys none = new();
        string before = Trace.Text(Trace.Analyze(capture, none), ReportFormat.JsonLines);
        string after = Trace.Text(Trace.Analyze(copy.ToArray(), none), ReportFormat.JsonLines);
        Assert.Equal(before.Replace("2001:db8::a", Map("2001:db8::a").ToString(), StringComparison.Ordinal)
            .Replace("2001:db8::b", Map("2001:db8::b").ToString(), StringComparison.Ordinal), after);
    }

    [Fact]
    public void Anonymize_OtherTraffic_IsLeftOut()
    {
        MemoryStream copy = new();
        using CaptureReader reader = new CaptureBytes().Section().Interface().EnhancedPacket([.. new byte[12], 8, 0, 0x45, 1, 2]).Read();
        using PcapngWriter writer = new(copy);
        Assert.Equal(new AnonymizationTally(0, 1), new CaptureAnonymizer(_addresses, new WireSettings()).Anonymize(reader, writer));
    }

    [Fact]
    public void Anonymize_HostileOctets_NeverThrow()
    {
        byte[][] packets =
        [
            Packets.Ipv6(Packets.Udp(), [[0xc9, 16, .. new byte[16]]]),
            Packets.Ipv6(new FlowKey(Packets.A, Packets.B, NextHeader.Icmpv6, 1 << 8, 0), payload: Packets.Ipv6(Packets.Udp())),
            Packets.Ipv6(new FlowKey(Packets.A, Packets.B, 41, 0, 0), payload: Packets.Ipv6(Packets.Udp(), [Frames.Sealed])),
        ];
        Random random = new(9);
        for (int i = 0; i < 5000; i++)
        {
            byte[] mutant = [.. packets[i % packets.Length]];
            for (int change = random.Next(1, 6); change > 0; change--)
                mutant[random.Next(4, mutant.Length)] = (byte)random.Next(256);
            using CaptureReader reader = new CaptureBytes().Section().Interface(linkType: 229).EnhancedPacket(mutant[..random.Next(mutant.Length)]).Read();
            using PcapngWriter writer = new(Stream.Null);
            new CaptureAnonymizer(_addresses, new WireSettings()).Anonymize(reader, writer);
        }
    }
}
