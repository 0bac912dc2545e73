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
    private readonly BpfProgram _egress;
    private volatile SendingEpoch? _current;
    private SessionKey _key = null!; // Publish
    private ulong _startNs, _formerStartNs;

    /// <param name="image">The programs.</param>
    /// <param name="flowTableSize">Flows that fit.</param>
    /// <param name="newKey">Makes the key of an epoch; left out: a random one.</param>
    /// <param name="reportBusyFlows">As the datapath's option.</param>
    /// <param name="carriage">What carries the measurement.</param>
    /// <param name="strip">As the datapath's option.</param>
    /// <param name="udpOptionExId">As the datapath's option.</param>
    internal SealingDatapath(
        ReadOnlyMemory<byte> image, int flowTableSize = 64, Func<ushort, SessionKey>? newKey = null, bool reportBusyFlows = false,
        PacketCarriage carriage = PacketCarriage.DestoptV2, bool strip = false, ushort udpOptionExId = UdpOption.DefaultExId)
    {
        _newKey = newKey ?? (_ => SessionKey.NewRandom());
        Kernel = KernelDatapath.Load(
            new DatapathOptions
            {
                FlowTableSize = flowTableSize, RingSize = 1 << 16, PairsPerEpoch = 64, ReportBusyFlows = reportBusyFlows, Strip = strip,
                UdpOptionExId = udpOptionExId,
            }, image.Span);
        Choose(carriage);
        _egress = Kernel.Program("pdm6_egress");
    }

    internal KernelDatapath Kernel { get; }

    internal NonceLedger Ledger { get; } = new();

    /// <summary>The key of the epoch in use.</summary>
    internal SessionKey Key => _key;

    /// <summary>From now on everything is measured by this.</summary>
    internal void Choose(PacketCarriage carriage) =>
        Kernel.SetPolicy(PolicyTables.Compile([new PolicyRule([new Ipv6Prefix(default, 0)], [], []) { Carriage = carriage }]));

    /// <summary>The epoch in use; any thread may ask.</summary>
    internal SendingEpoch Current => _current ?? throw new InvalidOperationException("Nothing is published.");

    /// <summary>Begins an epoch with its key for the pair. Former ones are kept, for tests that bring one back.</summary>
    internal SendingEpoch Publish(ulong deadlineNs = ulong.MaxValue)
    {
        ulong serial = (ulong)_epochs.Count + 1;
        SendingEpoch epoch = Kernel.PrepareEpoch(serial, (ushort)(serial % 4096), deadlineNs);
        SessionKey key = _key = _newKey(epoch.Epoch);
        Ledger.AddKey(Pair, epoch.Epoch, key);
        Assert.True(epoch.TryAdd(Pair, key.Pack()));
        (_formerStartNs, _startNs) = (_startNs, BootClock.NowNs);
        Kernel.Publish(epoch);
        _epochs.Add(epoch);
        return _current = epoch;
    }

    /// <summary>What the agent sweeps: what neither took a number nor was used in the current and the previous epoch.</summary>
    internal SweepResult SweepByTheRule() => Kernel.Sweep(Current.Serial - 1, _formerStartNs);

    /// <summary>Lets packets find a former epoch, as one does that read the epoch just before it changed.</summary>
    internal void BringBack(SendingEpoch former) => Kernel.Map("epochs").Set(0u, former.Map.Descriptor);

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

    /// <summary>The same where clear forms are sent too. Null: no sealed option.</summary>
    internal SealedOption? TrySealAmongClear(ReadOnlySpan<byte> frame)
    {
        Span<byte> output = stackalloc byte[frame.Length + SealedOption.HeaderSize];
        int length = Run(frame, output);
        return SealedOption.TryRead(output[..length], out SealedOption sealedOption) ? sealedOption : null;
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
    internal BusyFlow Busy(ushort sourcePort) => new(Flow(sourcePort), Current.Serial, Current.Epoch);

    /// <summary>What the kernel has reported.</summary>
    internal IReadOnlyList<BusyFlow> TakeBusyFlows()
    {
        BusyFlowSink sink = new();
        Kernel.DrainRecords(sink, 0);
        return sink.Flows;
    }

    /// <summary>What makes that flow's keystream in the epoch in use.</summary>
    internal INumberSource NumberSource(ushort sourcePort) => _key.Prepare(Flow(sourcePort), Current.Epoch);

    private static FlowKey Flow(ushort sourcePort) => new(Pair.Source, Pair.Destination, NextHeader.Udp, sourcePort, 53);

    /// <summary>A small packet of the flow that this source port makes.</summary>
    internal static byte[] Frame(ushort sourcePort) => TestPackets.Udp(Pair, sourcePort, 53, 20);

    public void Dispose()
    {
        Kernel.Dispose();
        foreach (SendingEpoch epoch in _epochs)
            epoch.Dispose();
        Ledger.Dispose();
    }
}
