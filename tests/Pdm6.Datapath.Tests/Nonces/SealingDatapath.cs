using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>A datapath that measures everything, with keys that the test knows, and the agent's part of the rule: what
/// to publish, what to sweep.</summary>
internal sealed class SealingDatapath : IDisposable
{
    internal static readonly AddressPair Pair = TestDatapath.Pair;

    private readonly List<SendingEpoch> _epochs = [];
    private readonly Func<ushort, SessionKey> _newKey;
    private readonly Func<ushort, FramesKey> _newFramesKey;
    private readonly BpfProgram _egress;
    private volatile SendingEpoch? _current;
    private SessionKey _key = null!; // Publish
    private FramesKey _framesKey = null!;
    private ulong _startNs, _formerStartNs;

    /// <param name="image">The programs.</param>
    /// <param name="flowTableSize">Flows that fit.</param>
    /// <param name="newKey">Makes the key of an epoch; left out: a random one.</param>
    /// <param name="reportBusyFlows">As the datapath's option.</param>
    /// <param name="carriage">What carries the measurement.</param>
    /// <param name="strip">As the datapath's option.</param>
    /// <param name="udpOptionExId">As the datapath's option.</param>
    /// <param name="newFramesKey">Makes the key of udp-frames of an epoch; left out: a random one.</param>
    internal SealingDatapath(
        ReadOnlyMemory<byte> image, int flowTableSize = 64, Func<ushort, SessionKey>? newKey = null, bool reportBusyFlows = false,
        PacketCarriage carriage = PacketCarriage.DestoptV2, bool strip = false, ushort udpOptionExId = UdpOption.DefaultExId,
        Func<ushort, FramesKey>? newFramesKey = null)
    {
        _newKey = newKey ?? (_ => SessionKey.NewRandom());
        _newFramesKey = newFramesKey ?? (_ => FramesKey.NewRandom());
        Kernel = KernelDatapath.Load(
            new DatapathOptions
            {
                FlowTableSize = flowTableSize, RingSize = 1 << 16, PairsPerEpoch = 64, ReportBusyFlows = reportBusyFlows, Strip = strip,
                UdpOptionExId = udpOptionExId,
            }, image.Span);
        Paths = Kernel.OpenPaths();
        Choose(carriage);
        _egress = Kernel.Program("pdm6_egress");
    }

    internal KernelDatapath Kernel { get; }

    /// <summary>What the pair's path loses: nothing, as long as nobody says so.</summary>
    internal PathTable Paths { get; }

    internal NonceLedger Ledger { get; } = new();

    /// <summary>The key of the epoch in use.</summary>
    internal SessionKey Key => _key;

    /// <summary>The key of udp-frames of the epoch in use.</summary>
    internal FramesKey FramesKey => _framesKey;

    /// <summary>From now on everything is measured by this; by udp-frames, what goes to port 53.</summary>
    internal void Choose(PacketCarriage carriage) => Kernel.SetPolicy(PolicyTables.Compile(
        [new PolicyRule([PolicyRule.Everywhere], [], carriage == PacketCarriage.UdpFrame ? [new PortRange(53, 53)] : []) { Carriage = carriage }]));

    /// <summary>The epoch in use; any thread may ask.</summary>
    internal SendingEpoch Current => _current ?? throw new InvalidOperationException("Nothing is published.");

    /// <summary>Begins an epoch with its key for the pair. Former ones are kept, for tests that bring one back.</summary>
    internal SendingEpoch Publish(ulong deadlineNs = ulong.MaxValue)
    {
        ulong serial = (ulong)_epochs.Count + 1;
        SendingEpoch epoch = Kernel.PrepareEpoch(serial, (ushort)(serial % 4096), deadlineNs, hasFrames: true);
        SessionKey key = _key = _newKey(epoch.Epoch);
        Ledger.AddKey(Pair, epoch.Epoch, key);
        Assert.True(epoch.TryAdd(Pair, key.Pack(), Paths.IndexOf(Pair)));
        FramesKey framesKey = _framesKey = _newFramesKey(epoch.Epoch);
        Ledger.AddKey(framesKey);
        Assert.True(epoch.TryAddFrameKey(Pair, framesKey.Pack()));
        (_formerStartNs, _startNs) = (_startNs, BootClock.NowNs);
        Kernel.Publish(epoch);
        _epochs.Add(epoch);
        return _current = epoch;
    }

    /// <summary>What the agent sweeps: what neither took a number nor was used in the current and the previous epoch.</summary>
    internal SweepResult SweepByTheRule() => Kernel.Sweep(Current.Serial - 1, _formerStartNs);

    /// <summary>Lets packets find a former epoch, as one does that read the epoch just before it changed.</summary>
    internal void BringBack(SendingEpoch former) => Kernel.Map("epochs").Set(0u, former.Map.Descriptor);

    /// <summary>The same for udp-frames alone.</summary>
    internal void BringBackFrames(SendingEpoch former) => Kernel.Map("frame_epochs").Set(0u, former.Frames!.Descriptor);

    /// <summary>Runs the egress program on a frame. Null: the packet was left alone, octet for octet.</summary>
    internal SealedOption? TrySeal(ReadOnlySpan<byte> frame)
    {
        Span<byte> output = stackalloc byte[frame.Length + SealedOption.HeaderSize];
        int length = Run(frame, output);
        if (SealedOption.TryRead(output[..length], out SealedOption sealedOption))
            return sealedOption;
        Assert.True(frame.SequenceEqual(output[..length]), "a packet that was not sealed was changed");
        return null;
    }

    /// <summary>The same where every carriage may be met. False: nothing was sealed.</summary>
    internal bool TrySealAnyhow(ReadOnlySpan<byte> frame, out SealedOption? option, out SealedFrame? udpFrame)
    {
        Span<byte> output = stackalloc byte[frame.Length + 2 * SealedFrame.Size];
        output = output[..Run(frame, output)];
        option = SealedOption.TryRead(output, out SealedOption readOption) ? readOption : null;
        udpFrame = option is null && SealedFrame.TryRead(output, out SealedFrame readFrame) ? readFrame : null;
        return option is not null || udpFrame is not null;
    }

    /// <summary>Runs the egress program on a frame, which must become a udp-frame or stay as it is (null), and enters it into
    /// the ledger.</summary>
    internal SealedFrame? SendFrame(ReadOnlySpan<byte> frame)
    {
        Span<byte> output = stackalloc byte[frame.Length + SealedFrame.Size];
        output = output[..Run(frame, output)];
        if (!SealedFrame.TryRead(output, out SealedFrame udpFrame))
        {
            Assert.True(frame.SequenceEqual(output), "a packet that was not sealed was changed");
            return null;
        }
        Ledger.Add(udpFrame);
        return udpFrame;
    }

    /// <summary>Runs the egress program on a frame and returns the octets of what it made.</summary>
    internal int Run(ReadOnlySpan<byte> frame, Span<byte> output) => _egress.TestRun(frame, output).OutputLength;

    /// <summary>The same, entered into the ledger. Returns the number that was taken.</summary>
    internal uint? Send(ReadOnlySpan<byte> frame)
    {
        if (TrySeal(frame) is not { } sealedOption)
            return null;
        Ledger.Add(sealedOption);
        return sealedOption.Psntp;
    }

    internal ulong Count(PacketOutcome outcome) => Kernel.ReadCounters().OfRule(0, outcome);

    /// <summary>What the kernel would report of the flow that this source port makes.</summary>
    internal BusyFlow Busy(ushort sourcePort, PacketCarriage carriage = PacketCarriage.DestoptV2) =>
        new(Flow(sourcePort), Current.Serial, Current.Epoch, carriage);

    /// <summary>What the kernel has reported.</summary>
    internal IReadOnlyList<BusyFlow> TakeBusyFlows()
    {
        BusyFlowSink sink = new();
        Kernel.DrainRecords(sink, 0);
        return sink.Flows;
    }

    /// <summary>What makes that flow's keystream in the epoch in use.</summary>
    internal INumberSource NumberSource(ushort sourcePort, PacketCarriage carriage = PacketCarriage.DestoptV2) =>
        _key.Prepare(Flow(sourcePort), Current.Epoch, carriage);

    private static FlowKey Flow(ushort sourcePort) => new(Pair.Source, Pair.Destination, NextHeader.Udp, sourcePort, 53);

    /// <summary>A small packet of the flow that this source port makes.</summary>
    internal static byte[] Frame(ushort sourcePort) => TestPackets.Udp(Pair, sourcePort, 53, 20);

    public void Dispose()
    {
        Paths.Dispose();
        Kernel.Dispose();
        foreach (SendingEpoch epoch in _epochs)
            epoch.Dispose();
        Ledger.Dispose();
    }
}
