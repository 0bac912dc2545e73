using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>The ExID is what tells our UDP option from the experiments of others (RFC 9868 section 11.9).</summary>
public class UdpOptionExIdTests
{
    private const ushort Default = UdpOption.DefaultExId, Other = 0x1234;

    [KernelTheory]
    [InlineData(Default, Default, true)]
    [InlineData(Other, Other, true)]
    [InlineData(Other, Default, false)]
    [InlineData(Default, Other, false)]
    public void Option_OfOneExId_IsSeenByReceiversOfTheSameOnly(ushort sent, ushort expected, bool isSeen)
    {
        using SealingDatapath sender = Load(sent), receiver = Load(expected);
        SendingEpoch epoch = sender.Publish();
        receiver.Kernel.SetReceivingKey(
            new ReceivingKeyId(SealingDatapath.Pair, epoch.Epoch, 0), new ReceivingKeyPeriod(1, 1, 0, ulong.MaxValue), sender.Key.Pack());
        byte[] frame = TestPackets.Udp(SealingDatapath.Pair, 1000, 53, 20), output = new byte[frame.Length + UdpOption.ProtectedSurplusSize];

        Assert.Equal(output.Length, sender.Run(frame, output));
        byte[] received = [.. output];
        int length = receiver.Kernel.Program("pdm6_ingress").TestRun(output, received).OutputLength;

        Assert.Equal([(byte)(sent >> 8), (byte)sent], output[(frame.Length + 4)..(frame.Length + 6)]); // behind checksum, kind, length
        Assert.Equal(isSeen ? frame : output, received[..length]);
        Assert.Equal(
            isSeen ? [ObservationVerdict.Accepted] : (ObservationVerdict[])[],
            new ObservationSink().Take(receiver.Kernel).Select(seen => seen.Verdict));
    }

    private static SealingDatapath Load(ushort exId) =>
        new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpOption, strip: true, udpOptionExId: exId);
}
