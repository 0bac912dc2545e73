using System.Buffers.Binary;
using Pdm6.Datapath.Tests.Carriages;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Datapath.Tests.UdpOptions;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpFrames;

/// <summary>Datagrams that an application sends behind extension headers, under a sacrificial rule.</summary>
public class UdpFrameHeaderTests
{
    private const int Link = HeaderChain.LinkHeaderSize, Fixed = Link + HeaderChain.FixedSize, LengthOffset = Link + 4;
    private const int Payload = 20, Udp = 8, Ports = 4, Checksum = 6;

    [KernelTheory]
    [InlineData("hop-by-hop")]
    [InlineData("options")]
    [InlineData("options without padding")]
    [InlineData("hop-by-hop, options")]
    [InlineData("segments")]
    [InlineData("no segments left")]
    [InlineData("segments, options")]
    [InlineData("options, segments")]
    [InlineData("all")]
    [InlineData("options that leave 13 octets")]
    public void Datagram_BehindExtensionHeaders_BecomesAFrameAndTheyStay(string chain)
    {
        using FrameDatapath datapath = new();
        byte[] sent = HeaderChain.Udp(chain, Payload);
        int upper = sent.Length - Udp - Payload;

        byte[] made = datapath.Send(sent);

        byte[] wanted = sent[..(upper + Ports)];
        BinaryPrimitives.WriteUInt16BigEndian(wanted.AsSpan(LengthOffset), (ushort)(made.Length - Fixed));
        Assert.Equal(upper + Udp + UdpFrame.PdmFrameSize, made.Length);
        Assert.Equal(wanted, made[..(upper + Ports)]);
        AssertChecksumIsRight(made.AsSpan(upper));
        Assert.Equal(made, datapath.Receive(made));
        Observation seen = Assert.Single(new ObservationSink().Take(datapath.Kernel));
        Assert.Equal((ObservationVerdict.Accepted, ObservationCarriage.UdpFrame), (seen.Verdict, seen.Carriage));
        Assert.Equal(made[(upper + Udp)..], seen.OptionOctets.ToArray());
        Assert.Equal(new FlowKey(SealingDatapath.Pair.Source, SealingDatapath.Pair.Destination, NextHeader.Udp, 1000, 53), seen.Flow);
    }

    [KernelTheory]
    [InlineData("PDMv1", PacketOutcome.HasPdm)]
    [InlineData("clear PDMv2", PacketOutcome.HasPdm)]
    [InlineData("eight options", PacketOutcome.OptionsFull)]
    [InlineData("nothing but padding", PacketOutcome.ExtensionHeader)]
    [InlineData("five headers", PacketOutcome.ExtensionHeader)]
    [InlineData("home address route", PacketOutcome.RoutingHeader)]
    [InlineData("fragment", PacketOutcome.Fragment)]
    [InlineData("options, AH", PacketOutcome.Ipsec)]
    [InlineData("option past the end", PacketOutcome.MalformedPacket)]
    public void Datagram_BehindHeadersThatForbidIt_KeepsItsPayloadAndIsCounted(string chain, PacketOutcome reason)
    {
        using FrameDatapath datapath = new();
        byte[] sent = HeaderChain.Udp(chain, Payload);

        Assert.Equal(sent, datapath.Send(sent));

        DatapathCounters counted = datapath.Kernel.ReadCounters();
        Assert.Equal((1ul, 0ul), (counted.OfRule(0, reason) + counted.BeforeRules(reason), counted.OfRule(0, PacketOutcome.Sealed)));
    }

    /// <summary>To the final destination (RFC 8200 section 8.1).</summary>
    private static void AssertChecksumIsRight(ReadOnlySpan<byte> datagram)
    {
        byte[] blank = datagram.ToArray();
        blank.AsSpan(Checksum, 2).Clear();
        Assert.Equal(
            InternetChecksum.ForUdp(SealingDatapath.Pair.Source, SealingDatapath.Pair.Destination, blank),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[Checksum..]));
    }
}
