using Pdm6.Collector.Api;
using Pdm6.Collector.Probes;
using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

public class ProbeBookTests
{
    [Fact]
    public void Rounds_OfOnePair_AddUpAndTheLatestIsKept()
    {
        ProbeBook book = new();
        Assert.True(book.TryAdd([Report("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000, 2_000)], out _));
        Assert.True(book.TryAdd([Report("a", "b", to: 30, sent: 7, received: 6, lost: null, 9_000)], out _));
        Assert.True(book.TryAdd([Report("a", "b", to: 20, sent: 1, received: 1, lost: 0, 5_000)], out _)); // late

        ProbeView view = Assert.Single(book.View());
        Assert.Equal((3L, 30UL), (view.Rounds, view.LatestUnixNs));
        Assert.Equal((13L, 11L, 1L), (view.All.Sent, view.All.Received, view.All.There.Lost));
        Assert.Equal((4L, 1_000L, 9_000L), (view.All.RoundTripNs.Samples, view.All.RoundTripNs.Min, view.All.RoundTripNs.Max));
        Assert.Equal((7L, 6L, (long?)null, 1L), (view.Latest.Sent, view.Latest.Received, view.Latest.There.Lost, view.Latest.RoundTripNs.Samples));
    }

    [Fact]
    public void Reports_OneOfThemWrong_AreRefusedAltogether()
    {
        ProbeBook book = new();
        ProbeRound good = Report("a", "b", 10, 1, 1, 0, 1_000);
        foreach (ProbeRound wrong in new[]
        {
            good with { Prober = "" }, good with { Target = new string('x', 254) }, good with { Prober = "a\n" },
            good with { ToUnixNs = 0 }, good with { Received = 2 }, good with { Sent = -1 },
            good with { There = new ProbeDirection(1, -1, null, null) }, good with { RoundTrip = [1, 2, 3] },
        })
        {
            Assert.False(book.TryAdd([good, wrong], out string? error));
            Assert.NotEmpty(error);
        }

        Assert.Empty(book.View());
    }

    [Fact]
    public void Pairs_MoreThanAreKept_AreRefusedAndTheOthersGoOn()
    {
        ProbeBook book = new();
        Assert.True(book.TryAdd([.. Enumerable.Range(0, 1000).Select(n => Report("a", $"{n}", 10, 1, 1, 0, 1_000))], out _));

        Assert.False(book.TryAdd([Report("a", "one more", 10, 1, 1, 0, 1_000)], out string? error));
        Assert.Contains("1000", error, StringComparison.Ordinal);
        Assert.True(book.TryAdd([Report("a", "7", 20, 1, 1, 0, 1_000)], out _));
    }

    private static ProbeRound Report(string prober, string target, ulong to, long sent, long received, long? lost, params long[] roundTrips)
    {
        LatencyHistogram histogram = new();
        foreach (long roundTrip in roundTrips)
            histogram.Add(roundTrip);
        return new ProbeRound(
            prober, target, Ipv6Address.Parse("2001:db8::1"), 5, to, sent, received, new ProbeDirection(sent, lost, 0, 0),
            new ProbeDirection(null, null, 0, 0), LatencyHistogramRecord.Write(histogram));
    }
}
