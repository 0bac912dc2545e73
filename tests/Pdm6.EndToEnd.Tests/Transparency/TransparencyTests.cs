namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Applications get the same octets whether agents run or not, and what should be sealed is.</summary>
public class TransparencyTests(TransparencyRuns runs) : IClassFixture<TransparencyRuns>
{
    /// <summary>Every exchange in every stage with agents, by name.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (Stage stage in TransparencyRuns.WithAgents)
                foreach (Exchange exchange in TransparencyRuns.Exchanges)
                    cases.Add(stage.Name, exchange.Name);
            return cases;
        }
    }

    [RootTheory]
    [MemberData(nameof(Cases))]
    public void Exchange_WithAgents_SameOctetsAsWithout(string stageName, string exchangeName)
    {
        (Stage stage, Exchange exchange) = Find(stageName, exchangeName);
        ExchangeResult without = runs[TransparencyRuns.WithoutAgents, exchange], with = runs[stage, exchange];
        Assert.Null(without.Failure);
        Assert.Null(with.Failure);
        Assert.NotEmpty(without.Received);
        Assert.Equal(without.Received, with.Received);
    }

    [RootTheory]
    [MemberData(nameof(Cases))]
    public void Exchange_WithAgents_SealedOrLeftAloneForTheRightReason(string stageName, string exchangeName)
    {
        (Stage stage, Exchange exchange) = Find(stageName, exchangeName);
        ExchangeResult result = runs[stage, exchange];
        RequireCounts(exchange.ClientCounts(stage.PathMtu!.Value), result.Client!);
        RequireCounts(exchange.ServerCounts(stage.PathMtu!.Value), result.Server!);
    }

    [RootTheory]
    [MemberData(nameof(Cases))]
    public void Exchange_WithAgents_EverySealedPacketIsAuthenticatedOnTheOtherSide(string stageName, string exchangeName)
    {
        (Stage stage, Exchange exchange) = Find(stageName, exchangeName);
        ExchangeResult result = runs[stage, exchange];
        // Segments that the kernel cuts behind the agent's program carry copies of one option.
        bool copies = exchange is TcpBulk { SegmentationOffload: false, SegmentsTogether: > 1 };
        RequireAuthenticated(result.Client!, result.ToServer!, copies);
        RequireAuthenticated(result.Server!, result.ToClient!, copies);
    }

    [RootFact]
    public void TcpSuperPackets_PathMtuSmallerThanLink_AreSealedAllTheSame()
    {
        Exchange tso = Find("path MTU 1280", "tcp-tso").Exchange;
        Counts client = runs[TransparencyRuns.WithAgents[0], tso].Client!;
        // 16 MiB in segments of 1428 would be 11,748 packets; super-packets hold many each.
        Assert.InRange(client.Sealed, 1, 11_000);
        Assert.True(client.Sealed > client.Mtu, $"{client}");
    }

    [RootFact]
    public void TcpSuperPackets_OfTinySegments_AreLeftAloneForThatReasonOnly()
    {
        foreach (Exchange exchange in TransparencyRuns.Exchanges)
        {
            Counts client = runs[TransparencyRuns.WithAgents[0], exchange].Client!;
            Assert.Equal(exchange is TcpBulk { LargestSegment: < 256 }, client.TinySegments > 0);
        }
    }

    private static (Stage Stage, Exchange Exchange) Find(string stage, string exchange) => (
        TransparencyRuns.WithAgents.Single(candidate => candidate.Name == stage),
        TransparencyRuns.Exchanges.Single(candidate => candidate.Name == exchange));

    private static void RequireCounts(Counts? expected, Counts counted)
    {
        if (expected is not null)
        {
            Assert.Equal(expected, counted);
            return;
        }
        // TCP: how the stream was cut is TCP's business; only full single segments are too long.
        Assert.True(counted.Sealed > 0, $"{counted}");
        Assert.Equal((counted.Sealed + counted.Mtu + counted.TinySegments, 0L, 0L, 0L),
            (counted.Selected, counted.UdpGso, counted.OtherReasons, counted.Fragments));
    }

    private static void RequireAuthenticated(Counts sent, IReadOnlyDictionary<string, long> arrived, bool copies)
    {
        Assert.InRange(arrived.Values.Sum(), sent.Sealed, copies ? long.MaxValue : sent.Sealed);
        Assert.Empty(arrived.Keys.Except(["accepted", "not-ahead", "no-state"]));
    }
}
