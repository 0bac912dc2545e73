using Pdm6.Collector.Probes;
using Pdm6.Export;

namespace Pdm6.Collector.Tests;

public class ProbeGateTests
{
    private readonly SetClock _clock = new(1_000_000_000_000);

    [Fact]
    public void Reports_WellFormed_AreTakenWithTheTimeOfReceipt()
    {
        ProbeRound report = ProbeReports.Of("a", "b", to: 10, sent: 5, received: 4, lost: 1, 1_000);

        Assert.True(Gate().TryAdmit([report], out IReadOnlyList<ReceivedRound>? admitted, out _));
        Assert.Equal(new ReceivedRound(_clock.UnixNs, report), Assert.Single(admitted));
    }

    [Fact]
    public void Reports_OneOfThemWrong_AreRefusedAltogether()
    {
        ProbeGate gate = Gate();
        ProbeRound good = ProbeReports.Of("a", "b", 10, 1, 1, 0, 1_000);
        foreach (ProbeRound? wrong in new[]
        {
            good with { Prober = "" }, good with { Target = new string('x', 254) }, good with { Prober = "a\n" },
            good with { ToUnixNs = 0 }, good with { Received = 2 }, good with { Sent = -1 }, good with { Sent = long.MaxValue },
            good with { There = new ProbeDirection(1, -1, null, null) }, good with { RoundTrip = [1, 2, 3] }, null,
        })
        {
            Assert.False(gate.TryAdmit([good, wrong!], out IReadOnlyList<ReceivedRound>? admitted, out string? error));
            Assert.Null(admitted);
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void Pairs_MoreThanAreKept_AreRefusedUntilOthersAreForgotten()
    {
        ProbeGate gate = Gate();
        Assert.True(gate.TryAdmit([.. Enumerable.Range(0, ProbeGate.MostPairs).Select(n => ProbeReports.Of("a", $"{n}", 10, 1, 1, 0, 1_000))], out _, out _));

        Assert.False(gate.TryAdmit([ProbeReports.Of("a", "one more", 10, 1, 1, 0, 1_000)], out _, out string? error));
        Assert.Contains("1000", error, StringComparison.Ordinal);
        Assert.True(gate.TryAdmit([ProbeReports.Of("a", "7", 20, 1, 1, 0, 1_000)], out _, out _));

        _clock.UnixNs += (ulong)TimeSpan.FromHours(2).TotalNanoseconds;
        Assert.True(gate.TryAdmit([ProbeReports.Of("a", "one more", 10, 1, 1, 0, 1_000)], out _, out _));
    }

    private ProbeGate Gate() => new(TimeSpan.FromHours(1), _clock);
}
