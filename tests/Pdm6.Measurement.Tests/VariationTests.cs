using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

public class VariationTests
{
    /// <summary>Round trips of these lengths in milliseconds, one after the other, seen by A.</summary>
    private static Network Pings(params double[] roundTripsMs)
    {
        Network network = new(Flows.Ping);
        for (int i = 0; i < roundTripsMs.Length; i++)
        {
            network.AToB(500 * i, 500 * i + 5, payload: 56);
            network.BToA(500 * i + 6, 500 * i + 1 + roundTripsMs[i], payload: 56);
        }
        return network;
    }

    private static VariationSample[] OfClient(RecordingSink sink) =>
        [.. sink.Variations.Where(v => v.Flow == Flows.Ping)];

    [Fact]
    public void Variation_RoundTripsDiffer_IsTheAbsoluteDifferenceToTheOneBefore()
    {
        VariationSample[] samples = OfClient(Pings(20, 26, 25).Measure());
        Assert.Equal(2, samples.Length);
        Assert.InRange(samples[0].DifferenceNs, 5_995_000, 6_005_000);
        Assert.InRange(samples[1].DifferenceNs, 995_000, 1_005_000);
    }

    [Fact]
    public void SmoothedJitter_EachDifference_MovesItByASixteenth()
    {
        VariationSample[] samples = OfClient(Pings(20, 36, 20).Measure());
        Assert.Equal(samples[0].DifferenceNs / 16.0, samples[0].SmoothedJitterNs, 3);
        Assert.Equal(
            samples[0].SmoothedJitterNs + (samples[1].DifferenceNs - samples[0].SmoothedJitterNs) / 16,
            samples[1].SmoothedJitterNs, 3);
    }

    [Fact]
    public void Variation_ReportsOutOfOrder_ComparesInTheOrderOfTheNumbers()
    {
        Network network = Pings(20, 26, 25, 31);
        string[] inOrder = [.. OfClient(network.Measure()).Select(v => v.ToString())];
        network.SeenByB.Reverse();
        Assert.Equal(inOrder, OfClient(network.Measure()).Select(v => v.ToString()));
    }

    [Fact]
    public void Variation_NewSeries_IsNotComparedWithTheOldOne()
    {
        Network network = Pings(20, 26, 25);
        network.A.Context++;
        network.A.Renumber(3_000_000);
        for (int i = 3; i < 5; i++)
        {
            network.AToB(500 * i, 500 * i + 5, payload: 56);
            network.BToA(500 * i + 6, 500 * i + 40, payload: 56);
        }
        // 20 to 26 in the old series, whose last round trip nobody told; one difference in the new one.
        Assert.Equal(2, OfClient(network.Measure()).Length);
    }

    [Fact]
    public void Variation_LongConversation_DoesNotWaitForItsEnd()
    {
        Network network = Pings(20, 26, 25, 31, 30, 20, 21, 22);
        RecordingSink sink = new();
        FlowMeter meter = new(sink);
        for (int i = 0; i < 8; i++)
        {
            meter.Add(network.SeenByB[i], Network.At(500 * i + 5));
            meter.Add(network.SeenByA[i], Network.At(500 * i + 50));
        }
        Assert.InRange(OfClient(sink).Length, 2, 6);
    }
}
