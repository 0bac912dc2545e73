using System.Collections.Concurrent;
using Pdm6.Datapath.Tests.Guards;
using Pdm6.Security;
using Xunit.Abstractions;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The nonce rule under everything at once, and for senders that know nothing of each other.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class FourSendersTests(ITestOutputHelper output)
{
    private const int Senders = 4, Million = 1_000_000;

    // In turn for the same flows, so that their numbers go from one carriage to the next.
    private static readonly PacketCarriage[] s_carriages =
        [
        PacketCarriage.DestoptV2, PacketCarriage.UdpOption, PacketCarriage.DestoptV2Clear, PacketCarriage.UdpFrame, PacketCarriage.DestoptV2,
        PacketCarriage.DestoptV1, PacketCarriage.UdpFrame, PacketCarriage.UdpOptionClear,
    ];

    /// <summary>
    /// Four senders on all processors share one table that is too small for their flows, while keystream is made
    /// ahead, carriages and epochs change, and idle flows are swept away. All numbers begin at 0.
    /// </summary>
    [KernelFact]
    public void OneTable_MillionOptions_EverythingChanges_NoNonceTwice()
    {
        const int hotFlows = 4, otherFlows = 96, flowTableSize = 64;
        using SealingDatapath datapath = new(ProgramVariant.Build(Scenarios.NumbersStartAtZero), flowTableSize, reportBusyFlows: true);
        using NumberLanes lanes = datapath.Kernel.OpenLanes();
        datapath.Publish();
        int sent = 0;
        bool stop = false;
        long prepared = 0;
        int removed = 0, bindings = 0;
        Thread agent = new(() =>
        {
            for (int round = 0; !Volatile.Read(ref stop); round++)
            {
                if (round % 3 == 0)
                    datapath.Publish();
                PacketCarriage carriage = s_carriages[round / 2 % s_carriages.Length];
                datapath.Choose(carriage);
                for (ushort port = 0; port < hotFlows; port++)
                    bindings += Bind(datapath, lanes, port, carriage == PacketCarriage.UdpOption ? carriage : PacketCarriage.DestoptV2) ? 1 : 0;
                for (int refill = 0; refill < 40; refill++)
                    prepared += lanes.Refill(TimeSpan.MaxValue);
                removed += datapath.SweepByTheRule().Removed;
            }
        });
        List<SealedOption>[] options = [.. Enumerable.Range(0, Senders).Select(_ => new List<SealedOption>(Million / Senders))];
        List<SealedFrame>[] frames = [.. Enumerable.Range(0, Senders).Select(_ => new List<SealedFrame>())];

        agent.Start();
        Processors.RunOnAll([.. options.Select((own, sender) => (Action)(() => Seal(own, frames[sender], sender)))]);
        Volatile.Write(ref stop, true);
        agent.Join();

        foreach (List<SealedOption> own in options)
            datapath.Ledger.Add(own);
        foreach (SealedFrame frame in frames.SelectMany(own => own))
            datapath.Ledger.Add(frame);
        int udpFrames = frames.Sum(own => own.Count);
        datapath.Ledger.AssertSound(options.Sum(own => own.Count) + udpFrames);
        Assert.InRange(datapath.Ledger.Options, Million, int.MaxValue);
        // That each of these happened is what the test is for.
        int udpOptions = options.Sum(own => own.Count(option => option.Carriage == Carriage.UdpOption));
        Assert.InRange(udpOptions, Million / 100, Million);
        Assert.InRange(udpFrames, Million / 100, Million);
        Assert.InRange(prepared, Million / 100, long.MaxValue);
        Assert.InRange(removed, flowTableSize, int.MaxValue);
        Assert.InRange(datapath.Count(PacketOutcome.FlowTableFull), 1ul, ulong.MaxValue);
        Assert.InRange(datapath.Count(PacketOutcome.SentClear), 1ul, ulong.MaxValue);
        output.WriteLine(
            $"{datapath.Ledger}; {udpOptions} UDP options, {udpFrames} udp-frames, {datapath.Count(PacketOutcome.SentClear)} numbers taken by clear forms, {prepared} made ahead in "
            + $"{bindings} bindings, {removed} flows removed, {datapath.Count(PacketOutcome.FlowTableFull)} packets found the table full");

        void Seal(List<SealedOption> own, List<SealedFrame> ownFrames, int sender)
        {
            byte[][] packets = [.. Enumerable.Range(0, hotFlows + otherFlows).Select(port => SealingDatapath.Frame((ushort)port))];
            Random random = new(sender);
            while (Volatile.Read(ref sent) < Million)
            {
                // Others come in waves, so that some of them are idle for two epochs.
                int wave = (int)datapath.Current.Serial / 3 % 3;
                int flow = random.Next(4) == 0 ? hotFlows + wave * otherFlows / 3 + random.Next(otherFlows / 3) : random.Next(hotFlows);
                if (!datapath.TrySealAnyhow(packets[flow], out SealedOption? option, out SealedFrame? frame))
                    continue;
                if (option is not null)
                    own.Add(option.Value);
                else
                    ownFrames.Add(frame!.Value);
                Interlocked.Increment(ref sent);
            }
        }
    }

    /// <summary>As processes or namespaces of their own: each has its table and its keys, all send the same flows.</summary>
    [KernelFact]
    public void FourTables_SameFlows_KeysOfTheirOwn_NoNonceTwice()
    {
        const int packetsEach = 50_000;
        ConcurrentQueue<SealedOption> options = new();
        SealingDatapath[] datapaths = [.. Enumerable.Range(0, Senders).Select(_ => new SealingDatapath(ProgramVariant.Build(Scenarios.NumbersStartAtZero)))];
        try
        {
            NonceLedger ledger = new(); // the keys are the datapaths' to dispose
            foreach (SealingDatapath datapath in datapaths)
            {
                SendingEpoch epoch = datapath.Publish();
                ledger.AddKey(SealingDatapath.Pair, epoch.Epoch, datapath.Key);
            }

            Processors.RunOnAll([.. datapaths.Select(datapath => (Action)(() =>
            {
                for (int i = 0; i < packetsEach; i++)
                    options.Enqueue(datapath.TrySeal(SealingDatapath.Frame((ushort)(i % 8)))!.Value);
            }))]);

            ledger.Add(options);
            ledger.AssertSound(Senders * packetsEach);
            Assert.Equal(Senders, ledger.KeysUsed);
        }
        finally
        {
            foreach (SealingDatapath datapath in datapaths)
                datapath.Dispose();
        }
    }

    private static bool Bind(SealingDatapath datapath, NumberLanes lanes, ushort port, PacketCarriage carriage)
    {
        INumberSource source = datapath.NumberSource(port, carriage);
        bool bound = lanes.TryBind(datapath.Busy(port, carriage), source);
        if (!bound)
            source.Dispose();
        return bound;
    }
}
