using Pdm6.Agent.Reporting;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Reporting;

public class CounterBookTests
{
    private static readonly AddressPair s_pair = new(Ipv6Address.Parse("2001:db8::a"), Ipv6Address.Parse("2001:db8::b"));
    private static readonly Announcement s_context = TestAnnouncements.Make(1, "2001:db8::a");

    [Fact]
    public void Report_Counters_AreSinceTheIncarnationBegan()
    {
        CounterBook book = new(["dns"], s_context.IncarnationId, Counters(selected: 10, sealedCount: 5, sentClear: 2, noKey: 3, accepted: 7, multicast: 1));

        CounterReport report = Report(book, Counters(selected: 25, sealedCount: 15, sentClear: 7, noKey: 3, accepted: 9, multicast: 4));

        RuleCounters rule = Assert.Single(report.Rules);
        Assert.Equal(("dns", 15L, 10L, 5L), (rule.Name, rule.Selected, rule.Sealed, rule.SentClear));
        Assert.Empty(rule.LeftAlone);
        Assert.Equal(new Dictionary<string, long> { ["multicast"] = 3 }, report.NotSelected);
        Assert.Equal(new Dictionary<string, long> { ["accepted"] = 2 }, report.Ingress);
        Assert.True(report.TryValidate(out string? error), error);
    }

    [Fact]
    public void Report_AfterANewIncarnation_GoesOnWhereTheLastReportLeftOff()
    {
        CounterBook book = new(["dns"], s_context.IncarnationId, Counters());
        DatapathCounters at = Counters(selected: 10, sealedCount: 10);
        IncarnationId next = IncarnationId.NewRandom();
        CounterReport last = Report(book, at, exportLost: 5);
        book.BeginIncarnation(next);

        CounterReport report = Report(book, at, exportLost: 6), later = Report(book, Counters(selected: 13, sealedCount: 10), exportLost: 6);

        Assert.Equal((s_context.IncarnationId, 10L, 5L), (last.IncarnationId, last.Rules[0].Selected, last.ExportLost));
        Assert.Equal((next, 0L, 1L), (report.IncarnationId, report.Rules[0].Selected, report.ExportLost));
        Assert.Equal((next, 3L, 1L), (later.IncarnationId, later.Rules[0].Selected, later.ExportLost));
    }

    [Fact]
    public void Report_PastEpochs_AreToldUntilAcknowledged()
    {
        CounterBook book = new(["dns"], s_context.IncarnationId, Counters());
        book.AddFinal(s_context, 3, [new SealedCount(s_pair, 0, 12)]);

        CounterReport first = Report(book, Counters());
        CounterReport again = Report(book, Counters());
        book.AddFinal(s_context, 4, [new SealedCount(s_pair, 0, 1)]);
        book.Acknowledge(first);
        CounterReport after = Report(book, Counters());

        SentCounter told = new(s_pair.Source, s_pair.Destination, "dns", s_context.ContextId, 10, 3, 12);
        Assert.Equal([told], first.Sent);
        Assert.Equal([told], again.Sent);
        Assert.Equal([told with { Epoch = 11, EpochIndex = 4, Count = 1 }], after.Sent);
    }

    [Fact]
    public void Report_UnixTimeSetBack_StillRises()
    {
        CounterBook book = new([], s_context.IncarnationId, Counters());

        CounterReport first = Report(book, Counters(), nowUnixNs: 1000), second = Report(book, Counters(), nowUnixNs: 500);

        Assert.True(second.AtUnixNs > first.AtUnixNs);
    }

    private static CounterReport Report(CounterBook book, DatapathCounters now, long exportLost = 0, ulong nowUnixNs = 1) =>
        book.Report(now, s_context, 0, [], exportLost, nowUnixNs);

    private static DatapathCounters Counters(
        ulong selected = 0, ulong sealedCount = 0, ulong noKey = 0, ulong accepted = 0, ulong multicast = 0, ulong sentClear = 0)
    {
        int outcomes = PacketOutcomeNames.All.Count;
        ulong[] byOutcome = new ulong[(PolicyTables.MaxRules + 1) * outcomes];
        byOutcome[(int)PacketOutcome.Selected] = selected;
        byOutcome[(int)PacketOutcome.Sealed] = sealedCount;
        byOutcome[(int)PacketOutcome.SentClear] = sentClear;
        byOutcome[(int)PacketOutcome.NoKey] = noKey;
        byOutcome[PolicyTables.MaxRules * outcomes + (int)PacketOutcome.Multicast] = multicast;
        ulong[] verdicts = new ulong[VerdictNames.All.Count];
        verdicts[(int)ObservationVerdict.Accepted] = accepted;
        return new DatapathCounters(byOutcome, verdicts, 0, 0);
    }
}
