using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

public partial class SendingEpochTests
{
    [KernelFact]
    public void TryAdd_PairThatHasAKey_ChangesNothing()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using SendingEpoch epoch = datapath.PrepareEpoch(7, 4095, 1234);
        byte[] key = TestDatapath.AnyKey();
        key[0] = 1;
        byte[] other = TestDatapath.AnyKey();
        other[0] = 2;

        Assert.True(epoch.TryAdd(TestDatapath.Pair, key));
        Assert.False(epoch.TryAdd(TestDatapath.Pair, other));

        Assert.True(epoch.Map.TryGet(AbiPair.From(TestDatapath.Pair), out AbiSendingPair value));
        Assert.Equal(1u, FirstRoundKeyWord(value));
        Assert.Equal((7ul, 4095u, 1234ul), (value.Serial, value.Epoch, value.DeadlineNs));
        Assert.Equal(1, epoch.PairCount);
    }

    [KernelFact]
    public void TryAdd_FullEpoch_Throws()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using SendingEpoch epoch = datapath.PrepareEpoch(1, 0, 1);
        byte[] key = TestDatapath.AnyKey();

        Assert.Throws<DatapathException>(() =>
        {
            for (uint i = 0; i < 1000; i++)
                Assert.True(epoch.TryAdd(new AddressPair(TestDatapath.Pair.Source, new Ipv6Address(i)), key));
        });

        Assert.Equal(64, epoch.PairCount);
    }

    [KernelFact]
    public void Publish_NextEpoch_ReturnsTheFormerWithItsCounters()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        SendingEpoch first = datapath.PrepareEpoch(1, 10, ulong.MaxValue);
        first.TryAdd(TestDatapath.Pair, TestDatapath.AnyKey());
        SendingEpoch second = datapath.PrepareEpoch(2, 11, ulong.MaxValue);
        Assert.Null(datapath.Publish(first));
        AddSealed(first, rule: 5, count: 3);

        using SendingEpoch? former = datapath.Publish(second);

        Assert.Same(first, former);
        Assert.Equal([new SealedCount(TestDatapath.Pair, 5, 3)], former!.ReadSealed());
        Assert.Empty(second.ReadSealed());
    }

    [KernelFact]
    public void Publish_SerialThatDoesNotRise_IsRefused()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        datapath.Publish(datapath.PrepareEpoch(5, 0, 1));
        using SendingEpoch same = datapath.PrepareEpoch(5, 1, 1), lower = datapath.PrepareEpoch(4, 1, 1);

        Assert.Throws<ArgumentException>(() => datapath.Publish(same));
        Assert.Throws<ArgumentException>(() => datapath.Publish(lower));
    }

    [KernelFact]
    public void Publish_KernelRefusesTheWait_SerialIsUsedUp()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using SendingEpoch first = datapath.PrepareEpoch(5, 0, 1), same = datapath.PrepareEpoch(5, 1, 1);
        Assert.Equal(0, bpf_map_freeze(datapath.Map("grace").Descriptor));

        Assert.Throws<DatapathException>(() => datapath.Publish(first));

        Assert.Throws<ArgumentException>(() => datapath.Publish(same));
        Assert.Throws<ArgumentOutOfRangeException>(() => datapath.Sweep(5, 0));
    }

    [KernelFact]
    public void Publish_EpochOfAnotherFlowTable_IsRefused()
    {
        using KernelDatapath datapath = TestDatapath.Load(), other = TestDatapath.Load();
        using SendingEpoch foreign = other.PrepareEpoch(1, 0, 1);

        Assert.Throws<ArgumentException>(() => datapath.Publish(foreign));
    }

    [KernelFact]
    public void SetReceivingKey_ThenRemove_IsInTheMapAndOut()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        ReceivingKeyId id = new(TestDatapath.Pair, 0x123, 1);

        datapath.SetReceivingKey(id, new ReceivingKeyPeriod(9, 8, 7, 6), TestDatapath.AnyKey());

        AbiReceivingKeyId key = new() { Pair = AbiPair.From(TestDatapath.Pair), Epoch = 0x123, Generation = 1 };
        Assert.True(datapath.Map("receiving_keys").TryGet(key, out AbiReceivingKey value));
        Assert.Equal((9ul, 8ul, 7ul, 6ul), (value.ContextOrder, value.EpochIndex, value.NotBeforeNs, value.NotAfterNs));
        Assert.True(datapath.RemoveReceivingKey(id));
        Assert.False(datapath.RemoveReceivingKey(id));
    }

    [KernelFact]
    public void KeyOfAnotherSize_IsACallersMistake()
    {
        using KernelDatapath datapath = TestDatapath.Load();
        using SendingEpoch epoch = datapath.PrepareEpoch(1, 0, 1);

        Assert.Throws<ArgumentException>(() => epoch.TryAdd(TestDatapath.Pair, new byte[32]));
        Assert.Throws<ArgumentException>(() => datapath.SetReceivingKey(default, default, new byte[32]));
    }

    private static unsafe uint FirstRoundKeyWord(AbiSendingPair value) => value.Key.RoundKeys[0];

    // What the egress program does when it seals.
    private static unsafe void AddSealed(SendingEpoch epoch, int rule, ulong count)
    {
        AbiPair key = AbiPair.From(TestDatapath.Pair);
        Assert.True(epoch.Map.TryGet(key, out AbiSendingPair value));
        value.Sealed[rule] = count;
        epoch.Map.Set(key, value);
    }

    // From then on user space cannot write to the map.
    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_freeze(int map);
}
