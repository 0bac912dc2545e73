using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>The attacks on the numbers of udp-frames, as in <see cref="GuardAttacks"/>.</summary>
internal static class FrameAttacks
{
    private const ushort Port = 1000;
    private const ulong NumbersPerKey = 1ul << 40;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port);

    internal static string? TwoProcessorsOnOneKey(ReadOnlyMemory<byte> programs)
    {
        const int packetsEach = 20_000;
        using SealingDatapath datapath = Load(programs);
        datapath.Publish();
        List<SealedFrame> first = new(packetsEach), second = new(packetsEach);
        // Flows of their own: only the key is shared.
        Processors.RunAtOnce(() => Send(first, Port), () => Send(second, Port + 1));
        foreach (SealedFrame frame in first.Concat(second))
            datapath.Ledger.Add(frame);
        return Repetitions(datapath);

        void Send(List<SealedFrame> frames, ushort port)
        {
            byte[] packet = SealingDatapath.Frame(port);
            for (int i = 0; i < packetsEach; i++)
            {
                Assert.True(datapath.TrySealAnyhow(packet, out _, out SealedFrame? frame));
                frames.Add(frame!.Value);
            }
        }
    }

    internal static string? MoreNumbersThanThereAre(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = Load(programs);
        SendingEpoch epoch = datapath.Publish();
        Send(datapath, 2);
        SetTaken(epoch, NumbersPerKey);
        datapath.SendFrame(s_frame);
        return Repetitions(datapath);
    }

    /// <summary>User space that gives a key to the kernel a second time: its count begins anew.</summary>
    internal static string? OneKeyInTwoEpochs(ReadOnlyMemory<byte> programs)
    {
        using FramesKey key = FramesKey.NewRandom();
        using SealingDatapath datapath = new(programs, carriage: PacketCarriage.UdpFrame, newFramesKey: _ => key.Again());
        datapath.Publish();
        Send(datapath, 3);
        datapath.Publish();
        Send(datapath, 3);
        return Repetitions(datapath);
    }

    internal static string? EpochWhoseTimeIsOver(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = Load(programs);
        SendingEpoch former = datapath.Publish(deadlineNs: BootClock.NowNs);
        datapath.Publish();
        datapath.BringBackFrames(former);
        return datapath.SendFrame(s_frame) is null ? null : "sealed a frame past the deadline of its epoch";
    }

    /// <summary>As if so many numbers had been taken.</summary>
    internal static void SetTaken(SendingEpoch epoch, ulong taken)
    {
        BpfMap frames = epoch.Frames!;
        AbiPair pair = AbiPair.From(SealingDatapath.Pair);
        Assert.True(frames.TryGet(pair, out AbiFramePair value));
        value.Taken = taken;
        frames.Set(pair, value);
    }

    private static SealingDatapath Load(ReadOnlyMemory<byte> programs) => new(programs, carriage: PacketCarriage.UdpFrame);

    private static void Send(SealingDatapath datapath, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.NotNull(datapath.SendFrame(s_frame));
    }

    private static string? Repetitions(SealingDatapath datapath)
    {
        Assert.Equal(0, datapath.Ledger.Unopened);
        return datapath.Ledger.Repetitions == 0 ? null : $"repeated a key and nonce: {datapath.Ledger}";
    }
}
