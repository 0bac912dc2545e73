using Pdm6.Collector.Pairing;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>Loss while the traffic goes on: neither hidden by what comes later nor claimed of what is under way.</summary>
public sealed class LossLedgerTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_800_000_000 * Second;
    private static readonly Ipv6Address _client = Ipv6Address.Parse("fd00::1");
    private static readonly Ipv6Address _server = Ipv6Address.Parse("fd00::2");
    private static readonly ContextId _context = new(5);

    private readonly GroupIndex _groups = new();
    private readonly WindowSet _windows;
    private readonly LossLedger _ledger;
    private readonly int _tag;

    public LossLedgerTests()
    {
        _tag = _groups.TagOf("dns");
        _windows = new WindowSet(_groups, TimeSpan.FromDays(1));
        _ledger = new LossLedger(_groups, Start);
        _ledger.Know(Announced(), wasKnownBefore: false);
    }

    [Fact]
    public void Advance_TrafficGoesOn_ShowsTheLossOfTheReportedTime()
    {
        // 100 packets a second, every tenth lost; one way takes 20 ms.
        long lost = 0;
        for (int millisecond = 0; millisecond < 10_000; millisecond += 10)
        {
            ulong now = Start + (ulong)millisecond * 1_000_000;
            if (millisecond / 10 % 10 != 0)
                Observe(now + 20_000_000);
            if (millisecond % 1000 == 990)
            {
                _ledger.Report(Sent(millisecond / 10 + 1, now), now);
                lost += Advance(now);
            }
        }

        // Reported 3 s ago: 700 sent, 70 lost; at most 20 packets were under way or came within the allowance.
        Assert.InRange(lost, 40, 70);
        lost += ApplyAll(Start + 10 * Second);
        Assert.Equal(100, lost);
    }

    [Fact]
    public void Advance_PacketsUnderWay_AreNoLoss()
    {
        for (int i = 0; i < 50; i++)
            Observe(Start + Second + 150_000_000);
        _ledger.Report(Sent(50, Start + Second), Start + Second);

        Assert.Equal(0, Advance(Start + 2 * Second));
        Assert.Equal(0, Advance(Start + 5 * Second));
    }

    [Fact]
    public void Advance_ObservationsThatComeLate_TakeTheLossBack()
    {
        _ledger.Report(Sent(10, Start + Second), Start + Second);
        Assert.Equal(0, Advance(Start + 2 * Second));
        Assert.Equal(10, Advance(Start + 5 * Second));

        for (int i = 0; i < 10; i++)
            Observe(Start + Second);
        _ledger.Report(Sent(10, Start + 6 * Second), Start + 6 * Second);
        Assert.Equal(-10, Advance(Start + 10 * Second));
    }

    [Fact]
    public void Apply_EpochOfAnEarlierProcess_ClaimsNothing()
    {
        LossLedger restarted = new(_groups, Start + Second);
        restarted.Know(Announced(), wasKnownBefore: true);
        restarted.Report(Sent(10, Start + 2 * Second), Start + 2 * Second);
        restarted.ApplyAll(Start + 3 * Second, _windows);

        Assert.Empty(_windows.Take());
    }

    [Fact]
    public void CountDistinct_ContextThatIsNotKnown_IsNotKept()
    {
        LossLedger ledger = new(_groups, Start);
        ledger.CountDistinct(Observed(Start + Second));
        ledger.Know(Announced(), wasKnownBefore: false);
        ledger.Report(Sent(10, Start + 2 * Second), Start + 2 * Second);
        _windows.SetNow(Start + 3 * Second);
        ledger.ApplyAll(Start + 3 * Second, _windows);

        Assert.Equal(10, _windows.Take().Sum(window => window.Numbers[GroupCounter.Lost]));
    }

    private long Advance(ulong now)
    {
        _windows.SetNow(now);
        _ledger.Advance(now, _windows);
        return _windows.Take().Sum(window => window.Numbers[GroupCounter.Lost]);
    }

    private long ApplyAll(ulong now)
    {
        _windows.SetNow(now);
        _ledger.ApplyAll(now, _windows);
        return _windows.Take().Sum(window => window.Numbers[GroupCounter.Lost]);
    }

    private void Observe(ulong at) => _ledger.CountDistinct(Observed(at));

    private CountedPacket Observed(ulong at) => new(
        new FlowKey(_client, _server, NextHeader.Udp, 4000, 53), _tag, _context.Value, EpochIndex: 0, Psntp: 1, at,
        PacketClass.First, BeganSeries: true, LostChange: 0, HopLimit: 64);

    private static CounterReport Sent(long count, ulong at) => new(
        new IncarnationId(4), at, [], new Dictionary<string, long>(),
        [new SentCounter(_client, _server, "dns", _context, Epoch: 7, EpochIndex: 0, count)],
        new Dictionary<string, long>(), RingLost: 0, ExportLost: 0);

    private static Announcement Announced() => new()
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = _context,
        IncarnationId = new IncarnationId(4),
        Sequence = Start,
        IssuedAtUnixNs = Start,
        NotAfterUnixNs = Start + 3600 * Second,
        AgentName = "client",
        Addresses = [_client],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(7, Start, 60 * Second, 60),
        OptionType = Pdmv2OptionView.DefaultOptionType,
        ClockErrorBoundNs = 1000,
    };
}
