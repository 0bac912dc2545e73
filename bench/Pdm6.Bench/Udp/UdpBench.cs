using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Datapath.Attachment;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>UDP packets a second through veth into a socket, with different programs on the way.</summary>
internal static class UdpBench
{
    private const int Rounds = 60, Empty = 1, Ahead = 4, InPlace = 5;
    private const double Aim = 0.80;

    public static void Run()
    {
        using UdpPath path = new();
        using BenchDatapath sealing = BenchDatapath.Sealing(), clear = BenchDatapath.Clear(), other = BenchDatapath.Unselecting();
        using BenchDatapath ahead = BenchDatapath.Sealing();
        using BenchDatapath clearBehind = BenchDatapath.BehindDatagrams(isSealed: false), sealingBehind = BenchDatapath.BehindDatagrams(isSealed: true);
        using BenchDatapath aheadBehind = BenchDatapath.BehindDatagrams(isSealed: true);
        using NumberPreparation preparation = ahead.Prepare(Frames.Udp(Frames.Pair, Frames.SelectedPort));
        using NumberPreparation preparationBehind = aheadBehind.Prepare(Frames.Udp(Frames.Pair, Frames.SelectedPort));
        ulong sealedBefore = sealing.Counters.OfRule(0, PacketOutcome.Sealed);

        Paired Measure(bool oneByOne, bool withReading) => Paired.Run(
        [
            With(path, oneByOne, withReading, "no program", null, null),
            With(path, oneByOne, withReading, "empty program", sealing.Program("bench_empty"), null),
            With(path, oneByOne, withReading, "egress: no rule has the destination", other.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "egress: option inserted clear", clear.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "egress: option sealed, prepared ahead", ahead.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "egress: option sealed in place", sealing.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "the same, and verified by ingress; record", sealing.Program("pdm6_egress"), sealing),
            With(path, oneByOne, withReading, "egress: UDP option inserted clear", clearBehind.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "egress: UDP option sealed, prepared ahead", aheadBehind.Program("pdm6_egress"), null),
            With(path, oneByOne, withReading, "egress: UDP option sealed in place", sealingBehind.Program("pdm6_egress"), null),
        ], Rounds, TimeSpan.FromSeconds(1));

        Paired[] together = [Measure(oneByOne: false, withReading: false), Measure(oneByOne: false, withReading: true)];
        Paired[] oneByOne = [Measure(oneByOne: true, withReading: false), Measure(oneByOne: true, withReading: true)];
        DatapathCounters counters = sealing.Counters;
        BenchException.Require(counters.OfRule(0, PacketOutcome.Sealed) > sealedBefore, "Nothing was sealed.");
        foreach (BenchDatapath datapath in (BenchDatapath[])[clear, ahead, sealing, clearBehind, aheadBehind, sealingBehind])
            RequireAllSealed(datapath.Counters);
        BenchException.Require(
            counters.OfVerdict(ObservationVerdict.Accepted) > 0 && counters.OfVerdict(ObservationVerdict.Accepted) == (ulong)sealing.Observations,
            "Some options were not accepted.");
        sealing.Drain();
        DatapathBench.RequirePrepared(ahead, preparation);
        DatapathBench.RequirePrepared(aheadBehind, preparationBehind);
        Print("one packet a system call", oneByOne);
        Print("64 packets a system call", together);
    }

    private static void RequireAllSealed(DatapathCounters counters) => BenchException.Require(
        counters.OfRule(0, PacketOutcome.Sealed) > 0 && counters.OfRule(0, PacketOutcome.Sealed) == counters.OfRule(0, PacketOutcome.Selected),
        "Some packets were left alone.");

    private static Contender With(UdpPath path, bool oneByOne, bool withReading, string name, BpfProgram? egress, BenchDatapath? receiver) => new(name, () =>
    {
        using TcxAttachment? sending = egress is null
            ? null
            : path.AtSender(() => TcxAttachment.Attach(egress, path.SenderInterface, egress: true));
        using TcxAttachment? receiving = receiver is null
            ? null
            : path.AtReceiver(() => TcxAttachment.Attach(receiver.Program("pdm6_ingress"), path.ReceiverInterface, egress: false));
        return path.MeasureNs(oneByOne, withReading, () => receiver?.Take());
    });

    private static void Print(string calls, Paired[] measured)
    {
        (Paired delivered, Paired read) = (measured[0], measured[1]);
        Table table = new(
            $"UDP, 64 octets, {calls}", "packets/s", "rate to empty program", "packets/s, read too", "rate to empty program");
        for (int i = 0; i < delivered.Contenders.Count; i++)
            table.Add(
                delivered.Contenders[i].Name, Table.Number(1e9 / delivered.Ns(i).Median), Table.Ratio(delivered.Ratio(Empty, i)),
                Table.Number(1e9 / read.Ns(i).Median), Table.Ratio(read.Ratio(Empty, i)));
        table.Print($"udp: {Rounds} rounds of 6,400 packets; ratio of rates, in brackets the middle half of the rounds");
        Console.WriteLine(
            $"\n{calls}: sealed with prepared numbers at {Table.Number(delivered.Ratio(Empty, Ahead).Median)} of an empty program's rate, "
            + $"{Table.Number(read.Ratio(Empty, Ahead).Median)} if the application reads on the same processor (aim: {Aim} or better)");
    }
}
