using Pdm6.Datapath.Tests.Guards;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpFrames;

/// <summary>The UDP checksum of frames behind a device that completes partial checksums as network cards do.</summary>
public class UdpFrameChecksumTests
{
    private const int Udp = 14 + 40, Datagrams = 150, Step = 9;

    private static readonly SourceEdit s_neverPartial = new("return before == after;", "return 0;");
    private static readonly SourceEdit s_alwaysPartial = new("return before == after;", "return 1;");

    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wire_OffloadedOrNot_EveryChecksumIsRight(bool offload)
    {
        List<byte[]> frames = Send(KernelDatapath.ProgramImage, offload);

        Assert.Equal(Datagrams, frames.Count);
        Assert.All(frames, frame =>
        {
            Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(frame.AsSpan(Udp + 8), out UdpFrameView view));
            Assert.True(view.IsEncrypted);
            Assert.True(OffloadBridge.IsChecksumRight(frame, frame.Length - Udp), Convert.ToHexString(frame));
        });
    }

    [KernelFact]
    public void Wire_PartialChecksumTakenForWhole_IsSpoilt() => Assert.DoesNotContain(
        Send(ProgramVariant.Build(s_neverPartial), offload: true), frame => OffloadBridge.IsChecksumRight(frame, frame.Length - Udp));

    [KernelFact]
    public void Wire_WholeChecksumTakenForPartial_IsSpoilt() => Assert.DoesNotContain(
        Send(ProgramVariant.Build(s_alwaysPartial), offload: false), frame => OffloadBridge.IsChecksumRight(frame, frame.Length - Udp));

    private static List<byte[]> Send(ReadOnlyMemory<byte> programs, bool offload) =>
        OffloadBridge.Send(programs, PacketCarriage.UdpFrame, offload, Datagrams, i => new byte[Step * i]);
}
