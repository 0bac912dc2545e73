using Pdm6.Datapath.Tests.Nonces;

namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Attacks on sealing with keystream made ahead: each would have a packet sealed with what belongs to another
/// number, key or flow, which no key opens.</summary>
internal static class LaneAttacks
{
    private const ushort Port = 1000, OtherPort = 2000;

    private static readonly byte[] s_frame = SealingDatapath.Frame(Port), s_otherFrame = SealingDatapath.Frame(OtherPort);

    /// <summary>The lane that was the flow's when the packet looked is another flow's when it takes its number.</summary>
    internal static string? LaneThatChangedHands(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        // The first lane is the other flow's; the program is built to find it for any flow.
        datapath.Send(s_otherFrame);
        Assert.True(lanes.TryBind(datapath.Busy(OtherPort), datapath.NumberSource(OtherPort)));
        datapath.Send(s_frame);
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        datapath.Send(s_frame);
        return SealedWithWhatIsNotItsOwn(datapath);
    }

    internal static string? LaneOfTheEpochBefore(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(s_frame);
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        datapath.Publish();
        datapath.Send(s_frame);
        return SealedWithWhatIsNotItsOwn(datapath);
    }

    internal static string? LaneOfAnotherCarriage(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(s_frame);
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        datapath.Choose(PacketCarriage.UdpOption);
        datapath.Send(s_frame);
        return SealedWithWhatIsNotItsOwn(datapath);
    }

    internal static string? LaneThatRanDry(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(s_frame);
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        for (int i = 0; i <= NumberLanes.NumbersAhead; i++)
            datapath.Send(s_frame);
        return SealedWithWhatIsNotItsOwn(datapath);
    }

    internal static string? ReaderOfUsedKeystream(ReadOnlyMemory<byte> programs)
    {
        using SealingDatapath datapath = new(programs);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(s_frame);
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        uint psntp = datapath.Send(s_frame)!.Value;
        return datapath.PreparedFor(psntp).ContainsAnyExcept(0ul) ? "found the keystream of an option that is on the wire" : null;
    }

    private static string? SealedWithWhatIsNotItsOwn(SealingDatapath datapath) =>
        datapath.Ledger.Unopened == 0 ? null : $"had a packet sealed with what was not its own: {datapath.Ledger}";
}
