using Pdm6.Measurement.Tests.Scenario;
using Pdm6.Wire;

namespace Pdm6.Measurement.Tests;

/// <summary>A replay may keep to one conversation for a while.</summary>
public class TimePerConversationTests
{
    private const int Conversations = 8;

    /// <summary>Conversations at the same time, each between ports of its own, in the order in which they were seen.</summary>
    private static MeasuredPacket[] Together()
    {
        List<MeasuredPacket> packets = [];
        for (int i = 0; i < Conversations; i++)
        {
            RandomConversation conversation = new(seed: 100 + i, requests: 80);
            foreach (MeasuredPacket packet in conversation.A.Seen.Concat(conversation.B.Seen))
                packets.Add(packet with { Flow = OfConversation(packet.Flow, i) });
        }
        return [.. packets.OrderBy(packet => packet.ObservedAtNs)];
    }

    private static FlowKey OfConversation(FlowKey flow, int i) => flow.SourcePort == 80
        ? flow with { DestinationPort = (ushort)(2000 + i) }
        : flow with { SourcePort = (ushort)(2000 + i) };

    private static int ConversationOf(in FlowKey flow) => Math.Max(flow.SourcePort, flow.DestinationPort);

    private static RecordingSink Measure(IEnumerable<MeasuredPacket> packets, bool hasTimePerConversation)
    {
        RecordingSink sink = new();
        FlowMeter meter = new(sink, new MeasurementOptions { HasTimePerConversation = hasTimePerConversation });
        foreach (MeasuredPacket packet in packets)
            meter.Add(packet, packet.ObservedAtNs);
        meter.Flush();
        return sink;
    }

    private static void AreEqual(RecordingSink expected, RecordingSink actual)
    {
        Assert.Equal(expected.SortedSamples().Select(sample => $"{sample}").Order(), actual.SortedSamples().Select(sample => $"{sample}").Order());
        Assert.Equal(expected.Packets.Select(packet => $"{packet}").Order(), actual.Packets.Select(packet => $"{packet}").Order());
        Assert.True(expected.RoundTrips.Count > 100);
    }

    [Fact]
    public void Add_OneConversationAfterTheOther_MeasuresAsTogether()
    {
        MeasuredPacket[] packets = Together();
        RecordingSink together = Measure(packets, hasTimePerConversation: false);
        AreEqual(together, Measure(packets.OrderBy(packet => ConversationOf(packet.Flow)), hasTimePerConversation: true));
        AreEqual(together, Measure(packets, hasTimePerConversation: true));
    }

    [Fact]
    public void Add_ConversationThatRested_IsClosedByItsNextPacket()
    {
        MeasuredPacket[] packets = Together();
        ulong rest = 30_000 * Flows.Ms;
        MeasuredPacket[] twice = [.. packets, .. packets.Select(packet => packet with
        {
            ObservedAtNs = packet.ObservedAtNs + rest,
            EpochIndex = packet.EpochIndex + 1,
            Psntp = packet.Psntp + 5000,
            LastSentPsntp = packet.LastSentPsntp + 5000,
            Metrics = packet.Metrics with { Psnlr = packet.Metrics.Psnlr == 0 ? 0 : packet.Metrics.Psnlr + 5000 },
        })];
        AreEqual(
            Measure(twice.OrderBy(packet => packet.ObservedAtNs), hasTimePerConversation: false),
            Measure(twice.OrderBy(packet => ConversationOf(packet.Flow)), hasTimePerConversation: true));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(1)]
    [InlineData(3)]
    public void Add_WithThePlacesOfFlows_MeasuresAsWithout(int maxFlows)
    {
        MeasuredPacket[] packets = [.. Together(), .. Together().Select(packet => packet with { Psntp = packet.Psntp + 200_000 })];
        MeasurementOptions options = new() { HasTimePerConversation = true, MaxFlows = maxFlows };
        RecordingSink expected = new(), actual = new();
        FlowMeter without = new(expected, options), with = new(actual, options);
        Dictionary<FlowKey, FlowPlace> places = [];
        foreach (MeasuredPacket packet in packets)
        {
            without.Add(packet, packet.ObservedAtNs);
            FlowPlace place = places.GetValueOrDefault(packet.Flow);
            with.Add(packet, packet.ObservedAtNs, ref place);
            places[packet.Flow] = place;
        }
        without.Flush();
        with.Flush();
        Assert.Equal(expected.SortedSamples(), actual.SortedSamples());
        Assert.Equal(expected.Packets, actual.Packets);
        Assert.Equal(without.ForgottenEarly, with.ForgottenEarly);
        Assert.Equal(maxFlows < Conversations, with.ForgottenEarly > 0);
    }
}
