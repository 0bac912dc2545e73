using Pdm6.Datapath.Tests.Guards;
using Xunit.Abstractions;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The nonce rule when keystream is made ahead: every option opens under its own key and nonce, and none
/// repeats.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class NumberLaneTests(ITestOutputHelper output)
{
    private const ushort Port = 1000;
    private const int Lanes = 32;

    // In these programs sealing in place writes a wrong tag: what opens was sealed with what was made ahead.
    private static readonly SourceEdit[] s_sealingInPlaceFails =
    [
        new("tag[0] ^= job->tag_mask[0];", "tag[0] = 0;"),
        new("tag[0] ^= key->udp_option_length_mask[0] ^ job->tag_mask[0];", "tag[0] = 0;"),
    ];

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2)]
    [InlineData(PacketCarriage.UdpOption)]
    public void FlowWithALane_EveryOption_IsSealedWithWhatWasMadeAhead(PacketCarriage carriage)
    {
        int options = 3 * NumberLanes.NumbersAhead;
        using SealingDatapath datapath = new(ProgramVariant.Build(s_sealingInPlaceFails), carriage: carriage);
        using NumberLanes lanes = Bind(datapath, Port, carriage);
        for (int i = 0; i < options; i++)
        {
            Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port)));
            if (i % 1000 == 0)
                lanes.Refill(TimeSpan.MaxValue);
        }

        // The first one, before there was a lane.
        Assert.Equal((options + 1, 1, 0), (datapath.Ledger.Options, datapath.Ledger.Unopened, datapath.Ledger.Repetitions));
    }

    [KernelFact]
    public void ClaimedNumber_InTheLane_IsErased_AndTheNextOneIsNot()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        using NumberLanes lanes = Bind(datapath, Port);

        uint psntp = datapath.Send(SealingDatapath.Frame(Port))!.Value;

        Assert.False(datapath.PreparedFor(psntp).ContainsAnyExcept(0ul));
        Assert.True(datapath.PreparedFor(psntp + 1).ContainsAnyExcept(0ul));
    }

    [KernelFact]
    public void LaneLetGo_ForAPauseOfTheFlow_IsEmpty()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        using NumberLanes lanes = Bind(datapath, Port);

        lanes.Refill(TimeSpan.FromTicks(-1));

        Assert.Equal(0, lanes.BoundCount);
        Assert.DoesNotContain(datapath.Prepared(), word => word != 0);
        Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port)));
        datapath.Ledger.AssertSound(2);
    }

    [KernelFact]
    public void MoreBusyFlows_ThanLanes_AreSealedInPlace()
    {
        const int flows = 40;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        int bound = 0;
        for (ushort port = 1; port <= flows; port++)
        {
            datapath.Send(SealingDatapath.Frame(port));
            INumberSource source = datapath.NumberSource(port);
            if (lanes.TryBind(datapath.Busy(port), source))
                bound++;
            else
                source.Dispose();
        }
        for (ushort port = 1; port <= flows; port++)
            Assert.NotNull(datapath.Send(SealingDatapath.Frame(port)));

        Assert.Equal(Lanes, bound);
        datapath.Ledger.AssertSound(2 * flows);
    }

    [KernelFact]
    public void Flow_WhoseCarriageChanges_GetsALaneForThatAndLosesTheOther()
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(s_sealingInPlaceFails));
        using NumberLanes lanes = Bind(datapath, Port);
        datapath.Choose(PacketCarriage.UdpOption);
        Assert.True(lanes.TryBind(datapath.Busy(Port, PacketCarriage.UdpOption), datapath.NumberSource(Port, PacketCarriage.UdpOption)));
        Assert.Equal(1, lanes.BoundCount);

        for (int i = 0; i < 100; i++)
        {
            lanes.Refill(TimeSpan.MaxValue);
            Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port)));
        }

        Assert.Equal((101, 1, 0), (datapath.Ledger.Options, datapath.Ledger.Unopened, datapath.Ledger.Repetitions));
    }

    [KernelFact]
    public void Flow_WhoseCarriageChangesTooSoon_KeepsItsLane()
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(s_sealingInPlaceFails));
        using NumberLanes lanes = Bind(datapath, Port);
        using INumberSource source = datapath.NumberSource(Port, PacketCarriage.UdpOption);

        Assert.False(lanes.TryBind(datapath.Busy(Port, PacketCarriage.UdpOption), source, shortestHold: TimeSpan.MaxValue));

        Assert.Equal(1, lanes.BoundCount);
        Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port))); // of the carriage that the lane is for
        Assert.Equal((2, 1, 0), (datapath.Ledger.Options, datapath.Ledger.Unopened, datapath.Ledger.Repetitions));
    }

    [KernelFact]
    public void Flow_WhoseCarriageChangesWhileAllLanesAreInUse_GetsItsOwnAnew()
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(s_sealingInPlaceFails));
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        for (ushort port = Port; port < Port + Lanes; port++)
        {
            datapath.Send(SealingDatapath.Frame(port));
            Assert.True(lanes.TryBind(datapath.Busy(port), datapath.NumberSource(port)));
        }
        datapath.Choose(PacketCarriage.UdpOption);

        Assert.True(lanes.TryBind(datapath.Busy(Port, PacketCarriage.UdpOption), datapath.NumberSource(Port, PacketCarriage.UdpOption)));

        Assert.Equal(Lanes, lanes.BoundCount);
        Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port)));
        // The first option of each flow was sealed in place.
        Assert.Equal((Lanes + 1, Lanes, 0), (datapath.Ledger.Options, datapath.Ledger.Unopened, datapath.Ledger.Repetitions));
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lane_WhoseSourceFails_IsLetGoAndCanBeBoundAgain(bool hasProducts)
    {
        using SealingDatapath datapath = new(ProgramVariant.Build(s_sealingInPlaceFails));
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(SealingDatapath.Frame(Port));
        FailingSource source = new(hasProducts);
        Assert.Throws<TimeoutException>(() => lanes.TryBind(datapath.Busy(Port), source));

        Assert.Equal(0, lanes.Refill(TimeSpan.MaxValue));

        Assert.Equal((0, true), (lanes.BoundCount, source.IsDisposed));
        Assert.True(lanes.TryBind(datapath.Busy(Port), datapath.NumberSource(Port)));
        Assert.NotNull(datapath.Send(SealingDatapath.Frame(Port)));
        Assert.Equal((2, 1, 0), (datapath.Ledger.Options, datapath.Ledger.Unopened, datapath.Ledger.Repetitions));
    }

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2)]
    [InlineData(PacketCarriage.UdpOption)]
    public void BusyFlow_AfterAThousandOptionsInPlace_IsReported(PacketCarriage carriage)
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, reportBusyFlows: true, carriage: carriage);
        datapath.Publish();
        for (int i = 0; i < 1023; i++)
            datapath.Send(SealingDatapath.Frame(Port));
        Assert.Empty(datapath.TakeBusyFlows());

        datapath.Send(SealingDatapath.Frame(Port));

        Assert.Equal([datapath.Busy(Port, carriage)], datapath.TakeBusyFlows());
    }

    [KernelFact]
    public void TwoProcessors_OneFlow_WhileItsLaneIsFilledAndRunsDry_TakeEachNumberOnce()
    {
        const int packetsEach = 100_000;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        using NumberLanes lanes = Bind(datapath, Port);
        List<SealedOption> first = new(packetsEach), second = new(packetsEach);
        long prepared = 0;

        WhileRefilling(lanes, added => prepared += added, () => Processors.RunAtOnce(
            () => Seal(datapath, packetsEach, first), () => Seal(datapath, packetsEach, second)));

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(2 * packetsEach + 1);
        Assert.InRange(prepared, packetsEach / 100, long.MaxValue);
        output.WriteLine($"{datapath.Ledger}; {prepared} numbers made ahead");
    }

    [KernelFact]
    public void LanesChangeHands_UnderLoadAndChangingEpochs_NoOptionIsSealedWithAnothersKeystream()
    {
        const int epochs = 60, flows = 8;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero), reportBusyFlows: true);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        bool stop = false;
        List<SealedOption> first = [], second = [];
        int bindings = 0;

        Thread agent = new(() =>
        {
            for (int i = 0; i < epochs; i++)
            {
                datapath.Publish();
                for (ushort port = 0; port < flows; port++)
                    if (lanes.TryBind(datapath.Busy(port), datapath.NumberSource(port)))
                        bindings++;
                for (int refill = 0; refill < 20; refill++)
                    lanes.Refill(refill % 5 == 4 ? TimeSpan.FromTicks(-1) : TimeSpan.MaxValue);
            }
            Volatile.Write(ref stop, true);
        });
        agent.Start();
        Processors.RunAtOnce(() => SealUntilStopped(first), () => SealUntilStopped(second));
        agent.Join();

        datapath.Ledger.Add(first.Concat(second));
        datapath.Ledger.AssertSound(first.Count + second.Count);
        Assert.InRange(bindings, epochs, int.MaxValue);
        output.WriteLine($"{datapath.Ledger}; {bindings} times a lane was bound");

        void SealUntilStopped(List<SealedOption> options)
        {
            byte[][] frames = [.. Enumerable.Range(0, flows).Select(port => SealingDatapath.Frame((ushort)port))];
            for (int i = 0; !Volatile.Read(ref stop); i++)
                if (datapath.TrySeal(frames[i / 16 % flows]) is { } option)
                    options.Add(option);
        }
    }

    private static NumberLanes Bind(SealingDatapath datapath, ushort port, PacketCarriage carriage = PacketCarriage.DestoptV2)
    {
        NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        datapath.Send(SealingDatapath.Frame(port));
        Assert.True(lanes.TryBind(datapath.Busy(port, carriage), datapath.NumberSource(port, carriage)));
        return lanes;
    }

    private static void WhileRefilling(NumberLanes lanes, Action<int> prepared, Action work)
    {
        bool stop = false;
        Thread agent = new(() =>
        {
            while (!Volatile.Read(ref stop))
                prepared(lanes.Refill(TimeSpan.MaxValue));
        });
        agent.Start();
        try
        {
            work();
        }
        finally
        {
            Volatile.Write(ref stop, true);
            agent.Join();
        }
    }

    private static void Seal(SealingDatapath datapath, int packets, List<SealedOption> options)
    {
        byte[] frame = SealingDatapath.Frame(Port);
        for (int i = 0; i < packets; i++)
            options.Add(datapath.TrySeal(frame)!.Value);
    }
}
