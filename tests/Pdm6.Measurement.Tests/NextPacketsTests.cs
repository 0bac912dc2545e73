using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

/// <summary>A packet that takes the short way is measured as on the long one.</summary>
public class NextPacketsTests
{
    private static RecordingSink Measure(IReadOnlyList<MeasuredPacket> packets, MeasurementOptions options)
    {
        RecordingSink sink = new();
        FlowMeter meter = new(sink, options);
        foreach (MeasuredPacket packet in packets)
            meter.Add(packet, packet.ObservedAtNs);
        meter.Flush();
        return sink;
    }

    private static void MeasuresAlike(IReadOnlyList<MeasuredPacket> packets, MeasurementOptions options)
    {
        RecordingSink expected = Measure(packets, options with { HasShortWay = false }), actual = Measure(packets, options);
        Assert.Equal(expected.Packets, actual.Packets);
        Assert.Equal(expected.RoundTrips, actual.RoundTrips);
        Assert.Equal(expected.Turnarounds, actual.Turnarounds);
        Assert.Equal(expected.Variations, actual.Variations);
    }

    /// <summary>Questions and their answers, none missing, as one observer beside the server sees them.</summary>
    private static List<MeasuredPacket> Exchanges(int count)
    {
        Host client = new(Flows.Http, firstPsntp: uint.MaxValue - 20), server = new(Flows.Http.Reverse(), firstPsntp: 7);
        List<MeasuredPacket> seen = [];
        ulong now = Flows.Start;
        for (int i = 0; i < count; i++)
        {
            SentPacket question = client.Send(now, payload: 100);
            seen.Add(server.Receive(question, now += 10 * Flows.Ms));
            SentPacket answer = server.Send(now += 3 * Flows.Ms, payload: 500);
            seen.Add(client.Receive(answer, now += 10 * Flows.Ms));
            now += Flows.Ms;
        }
        return seen;
    }

    /// <summary>What happens to packets and to what they say: to some of them.</summary>
    private static List<MeasuredPacket> Disturbed(List<MeasuredPacket> packets, Random random)
    {
        List<MeasuredPacket> disturbed = [];
        ulong laterNs = 0;
        foreach (MeasuredPacket packet in packets)
        {
            MeasuredPacket said = packet with { ObservedAtNs = packet.ObservedAtNs + laterNs };
            switch (random.Next(40))
            {
                case 0: break;
                case 1: disturbed.AddRange([said, said]); break;
                case 2: disturbed.AddRange([said, said with { Accepted = true }]); break;
                case 3: disturbed.Insert(Math.Max(0, disturbed.Count - random.Next(1, 6)), said); break;
                case 4: disturbed.Add(said with { Metrics = said.Metrics with { DeltaTimeLastSent = default } }); break;
                case 5: disturbed.Add(said with { Metrics = default }); break;
                case 6: disturbed.Add(said with { Metrics = said.Metrics with { Psnlr = said.Metrics.Psnlr + (uint)random.Next(-3, 3) } }); break;
                case 7: disturbed.Add(said with { PayloadLength = 0 }); break;
                case 8: disturbed.Add(said with { EpochIndex = said.EpochIndex + random.Next(-1, 2) }); break;
                case 9: disturbed.Add(said with { Context = (UInt128)random.Next(2) }); break;
                case 10: disturbed.Add(said with { Psntp = said.Psntp + (uint)random.Next(-2, 70_000) }); break;
                case 11: disturbed.Add(said); laterNs += (ulong)random.Next(4_000) * Flows.Ms; break;
                default: disturbed.Add(said); break;
            }
        }
        return disturbed;
    }

    [Theory]
    [InlineData(64)]
    [InlineData(262_144)]
    public void Add_AnyPackets_MeasuresAsOnTheLongWay(int maxPackets)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            RandomConversation conversation = new(seed, requests: 40);
            List<MeasuredPacket> packets =
                [.. Exchanges(60), .. conversation.A.Seen.Concat(conversation.B.Seen).OrderBy(packet => packet.ObservedAtNs)];
            foreach (bool hasTimePerConversation in (bool[])[false, true])
            {
                MeasurementOptions options = new() { MaxPackets = maxPackets, HasTimePerConversation = hasTimePerConversation };
                MeasuresAlike(Disturbed(packets, random), options);
                // One observer's view of both directions, as in a capture.
                MeasuresAlike(
                    [.. Disturbed(packets, random).Select(packet => packet with { Accepted = false, HasSent = false })], options);
            }
        }
    }

    [Fact]
    public void TryAdd_ExchangesInOrder_TakesAllButTheFirst()
    {
        const int Count = 50;
        int tookShortWay = 0;
        List<MeasuredPacket> packets = Exchanges(Count);
        List<Direction> directions = [];
        PacketTable table = new(1024, directions);
        RecordingSink sink = new();
        SampleTeller teller = new(sink);
        NextPackets next = new(table, new Turnarounds(table, teller, 1), new RoundTrips(table, teller, 50_000), teller);
        ConversationTable conversations = new(16);
        foreach (MeasuredPacket packet in packets)
        {
            if (!conversations.TryGet(packet.Flow, out Direction? direction))
                direction = conversations.Add(packet.Flow, packet.ObservedAtNs);
            if (next.TryAdd(direction, packet))
            {
                tookShortWay++;
                continue;
            }
            direction.Enter(packet, packet.ObservedAtNs, out _, out _);
            table[table.Add(direction, packet.Psntp)].Fill(packet);
        }
        // Of each flow the first packet tells nothing of an earlier one.
        Assert.Equal(2 * Count - 2, tookShortWay);
        Assert.Equal(2 * Count - 2, sink.Packets.Count);
    }
}
