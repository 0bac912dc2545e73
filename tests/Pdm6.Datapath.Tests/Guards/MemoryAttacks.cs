using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Attacks by a processor that remembers what was true of a flow's pair, with numbers prepared for this
/// carriage. Made with <see cref="Scenarios.PairsAreRememberedLong"/>, they need no haste.</summary>
internal sealed class MemoryAttacks(PacketCarriage carriage)
{
    private const ushort Port = 1000;
    private const ulong EpochNs = 2_000_000_000;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port);

    internal PacketCarriage Carriage => carriage;

    /// <summary>The next epoch is published, and has a key: nothing may be sealed in the former one any more.</summary>
    internal string? ProcessorThatRemembersTheEpochBefore(ReadOnlyMemory<byte> programs) => OnOneProcessor(programs, (datapath, lanes) =>
    {
        datapath.Publish();
        Remember(datapath, lanes);
        datapath.Publish();
        SealedOption option = datapath.TrySeal(s_frame)!.Value;
        return option.Epoch == datapath.Current.Epoch ? null : "sealed a packet in an epoch that was over";
    });

    /// <summary>The agent stops working while its numbers are prepared.</summary>
    internal string? AgentThatStopsWorking(ReadOnlyMemory<byte> programs) => OnOneProcessor(programs, (datapath, lanes) =>
    {
        ulong deadlineNs = BootClock.NowNs + EpochNs;
        datapath.Publish(deadlineNs);
        Remember(datapath, lanes);
        Poll.Until(() => BootClock.NowNs > deadlineNs, "the clock stands still");
        return datapath.Send(s_frame) is null ? null : "sealed a packet past the deadline of its epoch";
    });

    /// <summary>More packets than numbers are prepared, from a processor that has no key at hand.</summary>
    internal string? LaneThatRanDry(ReadOnlyMemory<byte> programs) => OnOneProcessor(programs, (datapath, lanes) =>
    {
        const int dryPackets = 10;
        datapath.Publish();
        Remember(datapath, lanes);
        for (int i = 1; i < NumberLanes.NumbersAhead + dryPackets; i++)
            datapath.Send(s_frame);
        return datapath.Ledger.Unopened == 0 ? null : $"had a packet sealed with what was not its own: {datapath.Ledger}";
    });

    /// <summary>The rule lets through one packet a second, so of ten at least one is over.</summary>
    internal string? FlowWithACap(ReadOnlyMemory<byte> programs) => OnOneProcessor(programs, (datapath, lanes) =>
    {
        const int packets = 10;
        datapath.Publish();
        Remember(datapath, lanes);
        datapath.Kernel.SetPolicy(PolicyTables.Compile([Everything with { FlowPacketsPerSecond = 1 }]));
        return SealedOf(packets, datapath) < packets ? null : "sealed every packet of a flow that has a cap";
    });

    /// <summary>The rule chooses one packet in four; of a thousand never as many as half.</summary>
    internal string? FlowWhosePacketsAreSampled(ReadOnlyMemory<byte> programs) => OnOneProcessor(programs, (datapath, lanes) =>
    {
        const int packets = 1000;
        datapath.Publish();
        Remember(datapath, lanes);
        datapath.Kernel.SetPolicy(PolicyTables.Compile([Everything with { SampleOneIn = 4, SamplesPackets = true }]));
        int sealedPackets = SealedOf(packets, datapath);
        return sealedPackets < packets / 2 ? null : $"sealed {sealedPackets} of {packets} packets where the rule chooses one in four";
    });

    private PolicyRule Everything => new([PolicyRule.Everywhere], [], []) { Carriage = carriage };

    // What a processor remembers another does not know.
    private string? OnOneProcessor(ReadOnlyMemory<byte> programs, Func<SealingDatapath, NumberLanes, string?> attack)
    {
        string? achieved = null;
        Processors.RunOnOne(() =>
        {
            using SealingDatapath datapath = new(programs, carriage: carriage);
            using NumberLanes lanes = datapath.Kernel.OpenLanes();
            achieved = attack(datapath, lanes);
        });
        return achieved;
    }

    // The first packet makes the flow, the second finds its number prepared.
    private void Remember(SealingDatapath datapath, NumberLanes lanes)
    {
        Assert.NotNull(datapath.Send(s_frame));
        Assert.True(lanes.TryBind(datapath.Busy(Port, carriage), datapath.NumberSource(Port, carriage)));
        Assert.NotNull(datapath.Send(s_frame));
    }

    private static int SealedOf(int packets, SealingDatapath datapath) =>
        Enumerable.Range(0, packets).Count(_ => datapath.TrySeal(s_frame) is not null);
}
