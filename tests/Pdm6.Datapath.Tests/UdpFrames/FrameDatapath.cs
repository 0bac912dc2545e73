using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.UdpFrames;

/// <summary>A datapath that makes udp-frames of what goes to port 53, and opens what it made.</summary>
internal sealed class FrameDatapath : IDisposable
{
    private readonly SealingDatapath _sealing = new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpFrame);

    internal FrameDatapath()
    {
        KeyId = new ReceivingKeyId(SealingDatapath.Pair, _sealing.Publish().Epoch, 0);
        Kernel.SetReceivingFrameKey(KeyId, new ReceivingKeyPeriod(1, 1, 0, ulong.MaxValue), Key.Pack());
    }

    internal KernelDatapath Kernel => _sealing.Kernel;

    /// <summary>What seals and opens them.</summary>
    internal FramesKey Key => _sealing.FramesKey;

    /// <summary>Where it is looked for on receiving.</summary>
    internal ReceivingKeyId KeyId { get; }

    /// <summary>The packet as it leaves.</summary>
    internal byte[] Send(byte[] packet)
    {
        byte[] output = new byte[packet.Length + SealedFrame.Size];
        return output[.._sealing.Run(packet, output)];
    }

    /// <summary>The packet as it goes up.</summary>
    internal byte[] Receive(byte[] packet)
    {
        byte[] output = new byte[packet.Length];
        return output[..Kernel.Program("pdm6_ingress").TestRun(packet, output).OutputLength];
    }

    public void Dispose() => _sealing.Dispose();
}
