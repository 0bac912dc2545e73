using Pdm6.Collector.Ingest;
using Pdm6.Collector.Pairing;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>When a conversation has fallen silent, while an agent is late.</summary>
public sealed class PairingClockTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_800_000_000 * Second;

    private readonly PairingClock _clock = new(Start);
    private readonly GroupIndex _groups = new();
    private readonly AgentLedger _agents;

    public PairingClockTests() => _agents = new AgentLedger(_groups);

    [Fact]
    public void Advance_NobodyIsLate_IsTheWallClock()
    {
        _clock.Advance(Start + Second, Start + Second);
        Assert.Equal(Start + Second, _clock.UnixNs);

        _clock.Advance(Start + 2 * Second, toldUnixNs: Start + 60 * Second);
        Assert.Equal(Start + 2 * Second, _clock.UnixNs);
    }

    [Fact]
    public void Advance_AfterAStall_CatchesUpAtTwiceThePace()
    {
        _clock.Advance(Start + 5 * Second, Start + Second);
        Assert.Equal(Start + Second, _clock.UnixNs);

        _clock.Advance(Start + 6 * Second, Start + 6 * Second);
        Assert.Equal(Start + 3 * Second, _clock.UnixNs);
        _clock.Advance(Start + 9 * Second, Start + 9 * Second);
        Assert.Equal(Start + 9 * Second, _clock.UnixNs);
    }

    [Fact]
    public void Advance_TimeGoesBack_Stands()
    {
        _clock.Advance(Start - Second, Start - 2 * Second);

        Assert.Equal(Start, _clock.UnixNs);
    }

    [Fact]
    public void ReportedUntil_SeveralAgents_IsTheLastReportOfTheLatestAgent()
    {
        Assert.Equal(Start, _agents.ReportedUntil(Start));
        IncarnationId late = Report(Start + Second);
        Report(Start + 4 * Second);
        Report(ulong.MaxValue);
        Assert.Equal(Start + Second, _agents.ReportedUntil(Start + 5 * Second));

        Report(Start + 2 * Second, late);
        Assert.Equal(Start + 2 * Second, _agents.ReportedUntil(Start + 5 * Second));
    }

    [Fact]
    public void ReportedUntil_AgentGoesOnAsAnotherIncarnation_DoesNotWaitForTheFormerOne()
    {
        Report(Start, name: "client");
        Report(Start + 3 * Second, name: "client");
        Report(Start + 4 * Second, name: "server");

        Assert.Equal(Start + 3 * Second, _agents.ReportedUntil(Start + 5 * Second));
    }

    [Fact]
    public void ReportedUntil_AgentIsSilent_IsWaitedForSomeSecondsOnly()
    {
        Report(Start);

        Assert.Equal(Start, _agents.ReportedUntil(Start + AgentLedger.PatienceNs));
        Assert.Equal(Start + AgentLedger.PatienceNs + 1, _agents.ReportedUntil(Start + AgentLedger.PatienceNs + 1));
    }

    private IncarnationId Report(ulong at, IncarnationId? of = null, string? name = null)
    {
        IncarnationId incarnation = of ?? IncarnationId.NewRandom();
        if (of is null)
            _agents.Put(Described(incarnation) with { Name = name ?? incarnation.ToString() }, Start);
        CounterReport report = new(
            incarnation, at, [], new Dictionary<string, long>(), [], new Dictionary<string, long>(), RingLost: 0, ExportLost: 0);
        Assert.True(_agents.Find(incarnation)!.TryTakeReport(
            report, Start, _groups, new WindowSet(_groups, TimeSpan.FromHours(1)), new RunCounters()));
        return incarnation;
    }

    private static AgentDescription Described(IncarnationId incarnation) => new("client", incarnation, [], new Announcement
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = ContextId.NewRandom(),
        IncarnationId = incarnation,
        Sequence = Start,
        IssuedAtUnixNs = Start,
        NotAfterUnixNs = Start + 3600 * Second,
        AgentName = "client",
        Addresses = [new Ipv6Address(1)],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(7, Start, 60 * Second, 60),
        OptionType = Pdmv2OptionView.DefaultOptionType,
        ClockErrorBoundNs = 1000,
    });
}
