using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Paths;

/// <summary>What the egress program does on a path that loses something.</summary>
public class PathTableTests
{
    private const LostForms Headers = LostForms.Header48 | LostForms.Header32 | LostForms.Header16;

    public static TheoryData<PacketCarriage, LostForms, int> Forms => new()
    {
        { PacketCarriage.DestoptV2, 0, 48 },
        { PacketCarriage.DestoptV2, LostForms.Header32 | LostForms.Header16 | LostForms.Surplus, 48 },
        { PacketCarriage.DestoptV2, LostForms.Header48, 44 },
        { PacketCarriage.DestoptV2, LostForms.Header48 | LostForms.Surplus, 0 },
        { PacketCarriage.DestoptV2Clear, LostForms.Header48, 32 },
        { PacketCarriage.DestoptV2Clear, LostForms.Header48 | LostForms.Header32, 16 },
        { PacketCarriage.DestoptV2Clear, Headers, 28 },
        { PacketCarriage.DestoptV1, LostForms.Header16, 28 },
        { PacketCarriage.DestoptV1, Headers | LostForms.Surplus, 0 },
        { PacketCarriage.UdpOption, Headers, 44 },
        { PacketCarriage.UdpOption, LostForms.Surplus, 0 },
    };

    [KernelTheory]
    [MemberData(nameof(Forms))]
    public void Send_PathLosesForms_TakesTheFormThatIsLeft(PacketCarriage carriage, LostForms lost, int growth)
    {
        using WatchedDatapath datapath = new(carriage);

        Assert.True(datapath.Paths.TrySet(TestDatapath.Pair, lost));

        Assert.Equal(growth, datapath.GrowthOf(TestPackets.Udp(TestDatapath.Pair, 1000, 2000, 64)));
    }

    [KernelFact]
    public void PathFallback_EveryCarriageAndLoss_IsWhatTheProgramDoes()
    {
        foreach (PacketCarriage carriage in PacketCarriageNames.Made.Where(carriage => carriage != PacketCarriage.UdpFrame))
        {
            using WatchedDatapath datapath = new(carriage);
            for (LostForms lost = 0; lost <= (Headers | LostForms.Surplus); lost++)
            {
                datapath.Paths.TrySet(TestDatapath.Pair, lost);
                Assert.Equal(lost, datapath.Paths.LostOf(TestDatapath.Pair));
                foreach (byte protocol in (byte[])[NextHeader.Udp, NextHeader.Tcp])
                {
                    byte[] frame = TestPackets.Udp(TestDatapath.Pair, 1000, 2000, 64);
                    frame[14 + 6] = protocol;
                    Assert.Equal(
                        PathFallback.Of(carriage, lost, protocol) switch
                        {
                            PacketCarriage.DestoptV2 => 48,
                            PacketCarriage.DestoptV2Clear => 32,
                            PacketCarriage.DestoptV1 => 16,
                            PacketCarriage.UdpOption => 44,
                            PacketCarriage.UdpOptionClear => 28,
                            _ => 0,
                        }, datapath.GrowthOf(frame));
                }
            }
        }
    }

    [KernelFact]
    public void Send_PathCarriesAgain_TakesTheFormOfTheRuleAtOnce()
    {
        using WatchedDatapath datapath = new(PacketCarriage.DestoptV2);
        byte[] packet = TestPackets.Udp(TestDatapath.Pair, 1000, 2000, 64);

        datapath.Paths.TrySet(TestDatapath.Pair, Headers | LostForms.Surplus);
        Assert.Equal(0, datapath.GrowthOf(packet));
        datapath.Paths.TrySet(TestDatapath.Pair, 0);

        Assert.Equal(48, datapath.GrowthOf(packet));
    }

    [KernelFact]
    public void InUseSince_PacketsOfAPair_NamesIt()
    {
        using WatchedDatapath datapath = new(PacketCarriage.DestoptV2);
        ulong before = BootClock.NowNs;

        Assert.Empty(datapath.Paths.InUseSince(before));
        datapath.GrowthOf(TestPackets.Udp(TestDatapath.Pair, 1000, 2000, 64));

        Assert.Equal([TestDatapath.Pair], datapath.Paths.InUseSince(before));
        Assert.Empty(datapath.Paths.InUseSince(BootClock.NowNs + 1));
    }

    [KernelTheory]
    [InlineData(PathTable.ProbePort, 2000)]
    [InlineData(1000, PathTable.ProbePort)]
    public void Send_PacketsOfTheAgents_AreLeftAlone(int sourcePort, int destinationPort)
    {
        using WatchedDatapath datapath = new(PacketCarriage.DestoptV2);

        Assert.Equal(0, datapath.GrowthOf(TestPackets.Udp(TestDatapath.Pair, (ushort)sourcePort, (ushort)destinationPort, 64)));

        Assert.Equal(1ul, datapath.Kernel.ReadCounters().BeforeRules(PacketOutcome.PathProbe));
    }

    [KernelFact]
    public void IndexOf_PairsThatWereForgotten_LeaveTheirPlaces()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using PathTable paths = datapath.OpenPaths();
        uint first = paths.IndexOf(PairOf(1)), second = paths.IndexOf(PairOf(2));
        paths.TrySet(PairOf(1), LostForms.Surplus);

        paths.Keep(new HashSet<AddressPair> { PairOf(2) });

        Assert.False(paths.TrySet(PairOf(1), 0));
        Assert.Equal(second, paths.IndexOf(PairOf(2)));
        Assert.Equal(first, paths.IndexOf(PairOf(3)));
    }

    [KernelFact]
    public void IndexOf_MorePairsThanFit_AreNotWatched()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using PathTable paths = datapath.OpenPaths();

        HashSet<uint> given = [.. Enumerable.Range(0, 65_535).Select(i => paths.IndexOf(PairOf(i)))];

        Assert.Equal(65_535, given.Count);
        Assert.DoesNotContain(0u, given);
        Assert.Equal(0u, paths.IndexOf(PairOf(65_535)));
    }

    private static AddressPair PairOf(int number) => new(TestDatapath.Pair.Source, new Ipv6Address((UInt128)number + 1));

    /// <summary>A datapath whose only rule asks for one carriage, with a key for one pair whose path is watched.</summary>
    private sealed class WatchedDatapath : IDisposable
    {
        private readonly SessionKey _key = SessionKey.NewRandom();

        internal WatchedDatapath(PacketCarriage carriage)
        {
            Kernel = TestDatapath.Load();
            Paths = Kernel.OpenPaths();
            Kernel.SetPolicy(PolicyTables.Compile([new PolicyRule([new Ipv6Prefix(default, 0)], [], []) { Carriage = carriage }]));
            SendingEpoch epoch = Kernel.PrepareEpoch(serial: 1, epoch: 0xabc, ulong.MaxValue);
            Assert.True(epoch.TryAdd(TestDatapath.Pair, _key.Pack(), Paths.IndexOf(TestDatapath.Pair)));
            Kernel.Publish(epoch);
        }

        internal KernelDatapath Kernel { get; }

        internal PathTable Paths { get; }

        /// <summary>Octets that a packet grows by on its way out.</summary>
        internal int GrowthOf(byte[] frame)
        {
            byte[] output = new byte[frame.Length + 64];
            return Kernel.Program("pdm6_egress").TestRun(frame, output).OutputLength - frame.Length;
        }

        public void Dispose()
        {
            Paths.Dispose();
            Kernel.Dispose();
            _key.Dispose();
        }
    }
}
