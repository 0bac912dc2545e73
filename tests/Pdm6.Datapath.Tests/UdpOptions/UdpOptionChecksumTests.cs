using System.Buffers.Binary;
using Pdm6.Datapath.Tests.Guards;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>
/// The UDP checksum behind a device that completes partial checksums as network cards do: from the UDP header to the end
/// of the packet. A host whose device offloads it, a bridge, a device that does not: there the kernel sums. The same for an
/// option in a header, which moves the place where to sum.
/// </summary>
public class UdpOptionChecksumTests
{
    private const int Udp = 14 + 40, Datagrams = 120;

    private static readonly SourceEdit s_noCorrection = new(
        "bpf_l4_csum_replace(skb, upper_offset + PDM6_UDP_CHECKSUM_AT, from, to, BPF_F_PSEUDO_HDR | flags);", "");

    [KernelTheory]
    [InlineData(PacketCarriage.UdpOption, true)]
    [InlineData(PacketCarriage.UdpOption, false)]
    [InlineData(PacketCarriage.UdpOptionClear, true)]
    public void Wire_OffloadedOrNot_EveryChecksumIsRight(PacketCarriage carriage, bool offload)
    {
        List<byte[]> frames = OffloadBridge.Send(KernelDatapath.ProgramImage, carriage, offload, Datagrams, Payload);

        Assert.Equal(Datagrams, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            byte[] frame = frames[i];
            Assert.True(UdpSurplus.TryFind(frame.AsSpan(Udp), out UdpSurplus surplus));
            Assert.Equal(Payload(i), frame[(Udp + 8)..^surplus.Octets.Length]);
            Assert.True(OffloadBridge.IsChecksumRight(frame, surplus.UdpLength), $"datagram {i}: {Convert.ToHexString(frame)}");
            // And for who sums and counts all of the IPv6 payload: that is what the option checksum is for.
            Assert.True(OffloadBridge.IsChecksumRight(frame, frame.Length - Udp), $"datagram {i} with its area: {Convert.ToHexString(frame)}");
            Assert.Equal(
                UdpOptionReadStatus.Ok,
                UdpOptionView.TryRead(surplus.Octets, surplus.StartsAtOddOffset, UdpOption.DefaultExId, out _));
        }
    }

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2, true)]
    [InlineData(PacketCarriage.DestoptV2, false)]
    [InlineData(PacketCarriage.DestoptV1, true)]
    public void Wire_OptionInAHeader_EveryChecksumIsRight(PacketCarriage carriage, bool offload)
    {
        List<byte[]> frames = OffloadBridge.Send(KernelDatapath.ProgramImage, carriage, offload, Datagrams, Payload);

        Assert.Equal(Datagrams, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            int upper = OffloadBridge.UpperOffset(frames[i]);
            Assert.NotEqual(Udp, upper);
            Assert.Equal(Payload(i), frames[i][(upper + 8)..]);
            Assert.True(OffloadBridge.IsChecksumRight(frames[i], frames[i].Length - upper), $"datagram {i}: {Convert.ToHexString(frames[i])}");
        }
    }

    [KernelFact]
    public void Wire_PartialChecksumNotCorrected_IsSpoilt() => Assert.DoesNotContain(
        OffloadBridge.Send(ProgramVariant.Build(s_noCorrection), PacketCarriage.UdpOption, offload: true, Datagrams, Payload),
        frame => OffloadBridge.IsChecksumRight(frame, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Udp + 4))));

    private static byte[] Payload(int i)
    {
        byte[] payload = new byte[i];
        new Random(i).NextBytes(payload);
        return payload;
    }
}
