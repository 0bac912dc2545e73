using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Attacks by a processor that remembers what was true of a flow's pair.</summary>
internal static class MemoryAttacks
{
    private const ushort Port = 1000;
    private const ulong EpochNs = 2_000_000_000;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port);

    /// <summary>The next epoch is published, and has a key: nothing may be sealed in the former one any more.</summary>
    internal static string? ProcessorThatRemembersTheEpochBefore(ReadOnlyMemory<byte> programs) => OnOneProcessor(() =>
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        Remember(datapath, lanes);
        datapath.Publish();
        SealedOption option = datapath.TrySeal(s_frame)!.Value;
        return option.Epoch == datapath.Current.Epoch ? null : "sealed a packet in an epoch that was over";
    });

    /// <summary>The agent stops working while its numbers are prepared.</summary>
    internal static string? AgentThatStopsWorking(ReadOnlyMemory<byte> programs) => OnOneProcessor(() =>
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        ulong deadlineNs = BootClock.NowNs + EpochNs;
        datapath.Publish(deadlineNs);
        Remember(datapath, lanes);
        Poll.Until(() => BootClock.NowNs > deadlineNs, "the clock stands still");
        return datapath.Send(s_frame) is null ? null : "sealed a packet past the deadline of its epoch";
    });

    // What a processor remembers another does not know.
    private static string? OnOneProcessor(Func<string?> attack)
    {
        string? achieved = null;
        Processors.RunOnOne(() => achieved = attack());
        return achieved;
    }

    // The first packet makes the flow, the second finds its number prepared.
    private static void Remember(SealingDatapath datapath, NumberLanes lanes)
    {
        Assert.NotNull(datapath.Send(s_frame));
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        Assert.NotNull(datapath.Send(s_frame));
    }
}
