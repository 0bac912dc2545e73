using Pdm6.Datapath.Native;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>A datapath whose only rule asks for one carriage for all packets, with a key for one pair.</summary>
internal sealed class CarryingDatapath : IDisposable
{
    private const int MostGrowth = 64;

    private readonly SessionKey _key = SessionKey.NewRandom();
    private readonly SendingEpoch _epoch;

    internal CarryingDatapath(PacketCarriage carriage = PacketCarriage.DestoptV2, bool acceptClearOptions = false, bool strip = false,
        int pathMtu = 1280)
    {
        Kernel = KernelDatapath.Load(new DatapathOptions
        {
            FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 64, AcceptClearOptions = acceptClearOptions, Strip = strip,
            PathMtu = pathMtu,
        });
        Kernel.SetPolicy(PolicyTables.Compile([new PolicyRule([new Ipv6Prefix(default, 0)], [], []) { Carriage = carriage }]));
        _epoch = Kernel.PrepareEpoch(serial: 1, epoch: 0xabc, ulong.MaxValue);
        Assert.True(_epoch.TryAdd(TestDatapath.Pair, _key.Pack()));
        Assert.True(_epoch.TryAdd(new AddressPair(TestDatapath.Pair.Destination, TestDatapath.Pair.Source), _key.Pack()));
        Kernel.Publish(_epoch);
    }

    internal KernelDatapath Kernel { get; }

    /// <summary>The packet as it leaves; frames begin with the link header.</summary>
    internal byte[] Send(byte[] frame, ReadOnlySpan<byte> context = default) => Run("pdm6_egress", frame, context);

    /// <summary>The packet as it goes up.</summary>
    internal byte[] Receive(byte[] frame) => Run("pdm6_ingress", frame, default);

    /// <summary>What was observed since the last call.</summary>
    internal IReadOnlyList<Observation> TakeObservations()
    {
        Sink sink = new();
        Kernel.DrainRecords(sink, 0);
        return sink.Seen;
    }

    internal ulong Count(PacketOutcome outcome) =>
        Kernel.ReadCounters().OfRule(0, outcome) + Kernel.ReadCounters().BeforeRules(outcome);

    /// <summary>What is reported as sent under a key.</summary>
    internal IReadOnlyList<SealedCount> SealedCounts => _epoch.ReadSealed();

    public void Dispose()
    {
        Kernel.Dispose();
        _key.Dispose();
    }

    private byte[] Run(string program, byte[] frame, ReadOnlySpan<byte> context)
    {
        byte[] output = new byte[frame.Length + MostGrowth];
        BpfTestRun run = Kernel.Program(program).TestRun(frame, output, context: context);
        return output[..run.OutputLength];
    }

    private sealed class Sink : IRecordSink
    {
        public List<Observation> Seen { get; } = [];
        public void Observed(in Observation observation) => Seen.Add(observation);
        public void UnknownPair(in AddressPair pair) => throw new InvalidOperationException("Nobody asked for unknown pairs.");
        public void Busy(in BusyFlow flow) => throw new InvalidOperationException("Nobody asked for busy flows.");
    }
}
