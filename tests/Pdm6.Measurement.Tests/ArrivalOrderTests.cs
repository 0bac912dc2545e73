using Pdm6.Measurement.Tests.Scenario;

namespace Pdm6.Measurement.Tests;

/// <summary>What is measured must not depend on the order in which reports reach the collector.</summary>
public class ArrivalOrderTests
{
    [Fact]
    public void Samples_EveryOrderOfASmallExchange_AreTheSame()
    {
        Network network = new(Flows.Http);
        network.AToB(0, 10);                      // SYN
        network.BToA(10.5, 20);                   // SYN-ACK
        network.AToB(20.1, 30, payload: 100);     // request with the ACK
        network.BToA(30.1, 40);                   // ACK
        network.BToA(80, 91, payload: 500);       // answer
        network.AToB(95, 105, payload: 100);      // second request
        network.BToA(109, 121, payload: 500);     // second answer
        List<MeasuredPacket> packets = [.. network.SeenByA, .. network.SeenByB];

        List<object> expected = Network.Replay(packets).SortedSamples();
        Assert.Contains(expected, s => s is RoundTripSample { IsClosing: true });
        Assert.Equal(2, expected.Count(s => s is TurnaroundSample { Kind: TurnaroundKind.ServerDelay }));

        int orders = 0;
        foreach (MeasuredPacket[] order in Permutations(packets))
        {
            orders++;
            Assert.Equal(expected, Network.Replay(order).SortedSamples());
        }
        Assert.Equal(5040, orders);
    }

    [Fact]
    public void Samples_NetworkReordersAndEveryArrivalOrder_AreTheSame()
    {
        Network network = new(Flows.Dns);
        var queries = new[] { network.SendA(0, 40), network.SendA(1, 40) };
        network.ArriveAtB(queries[1], 10);
        network.ArriveAtB(queries[0], 12);
        var answers = new[] { network.SendB(14, 90), network.SendB(15, 90) };
        network.ArriveAtA(answers[1], 24);
        network.ArriveAtA(answers[0], 26);
        network.AToB(30, 40, payload: 40);
        network.BToA(41, 51, payload: 90);

        List<MeasuredPacket> packets = [.. network.SeenByA, .. network.SeenByB];
        List<object> expected = Network.Replay(packets).SortedSamples();
        Assert.All(Permutations(packets), order => Assert.Equal(expected, Network.Replay(order).SortedSamples()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ServerDelay_SeveralAcknowledgementsAndEveryArrivalOrder_IsTheSame(bool afterAHandshake)
    {
        Network network = new(Flows.Http);
        if (afterAHandshake)
        {
            network.AToB(0, 10);
            network.BToA(11, 20);
        }
        network.AToB(20, 30, payload: 100);
        network.BToA(31, 40);
        network.BToA(32, 41);
        network.BToA(80, 90, payload: 500);

        List<MeasuredPacket> packets = [.. network.SeenByA, .. network.SeenByB];
        List<object> expected = Network.Replay(packets).SortedSamples();
        Assert.Single(expected, s => s is TurnaroundSample { Kind: TurnaroundKind.ServerDelay, TurnaroundNs: > 49_000_000 });
        Assert.All(Permutations(packets), order => Assert.Equal(expected, Network.Replay(order).SortedSamples()));
    }

    private static IEnumerable<MeasuredPacket[]> Permutations(List<MeasuredPacket> packets)
    {
        if (packets.Count == 0)
        {
            yield return [];
            yield break;
        }
        for (int i = 0; i < packets.Count; i++)
        {
            List<MeasuredPacket> rest = [.. packets];
            rest.RemoveAt(i);
            foreach (MeasuredPacket[] tail in Permutations(rest))
                yield return [packets[i], .. tail];
        }
    }
}
