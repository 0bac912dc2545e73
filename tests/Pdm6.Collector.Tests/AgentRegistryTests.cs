using Pdm6.Collector.Ingest;
using Pdm6.Collector.Pairing;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>How long an incarnation may send, and how long others are told of it.</summary>
public sealed class AgentRegistryTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_800_000_000 * Second;

    private readonly SetClock _clock = new(Start);
    private readonly AgentRegistry _registry;

    public AgentRegistryTests() => _registry = new AgentRegistry(_clock);

    [Fact]
    public void IsKnown_AnnouncementHasExpired_StaysForLateBatchesButIsNotRelayed()
    {
        AgentDescription old = Described(notAfter: Start + Second);
        Hear(old);
        _clock.UnixNs = Start + LossLedger.SettleAfterNs;
        Hear(Described(notAfter: ulong.MaxValue));

        Assert.True(_registry.IsKnown(old.IncarnationId));
        Assert.DoesNotContain(_registry.Page().Announcements, live => live.IncarnationId == old.IncarnationId);

        _clock.UnixNs = Start + Second + LossLedger.SettleAfterNs;
        Hear(Described(notAfter: ulong.MaxValue));
        Assert.False(_registry.IsKnown(old.IncarnationId));
        Assert.Equal(2, _registry.Page().Announcements.Count);
    }

    [Fact]
    public void Put_ExpiredDescription_IsTakenUntilItsEpochsSettle()
    {
        AgentDescription late = Described(notAfter: Start - LossLedger.SettleAfterNs + 1);
        AgentDescription tooLate = Described(notAfter: Start - LossLedger.SettleAfterNs);

        Hear(late);
        Assert.Contains("expired", _registry.Put(tooLate), StringComparison.Ordinal);
        Assert.True(_registry.IsKnown(late.IncarnationId));
        Assert.False(_registry.IsKnown(tooLate.IncarnationId));
        Assert.Empty(_registry.Page().Announcements);
    }

    [Fact]
    public void Restore_ExpiredDescription_IsKnownAgain()
    {
        AgentDescription old = Described(notAfter: Start - Second);

        _registry.Restore([old]);

        Assert.True(_registry.IsKnown(old.IncarnationId));
    }

    [Fact]
    public void Put_Full_TheLongestExpiredGivesWayAndTheLivingDoNot()
    {
        AgentDescription oldest = Described(notAfter: Start - 2 * Second);
        AgentDescription old = Described(notAfter: Start - Second);
        Hear(old);
        Hear(oldest);
        for (int i = 2; i < AgentRegistry.MostAgents; i++)
            Hear(Described(notAfter: Start + Second));

        Hear(Described(notAfter: Start + Second));
        Assert.False(_registry.IsKnown(oldest.IncarnationId));
        Assert.True(_registry.IsKnown(old.IncarnationId));

        Hear(Described(notAfter: Start + Second));
        Assert.Contains("already known", _registry.Put(Described(notAfter: Start + Second)), StringComparison.Ordinal);
    }

    [Fact]
    public void Withdraw_PipelineIsFull_ForgetsANewIncarnationOnly()
    {
        AgentDescription known = Described(notAfter: Start + Second);
        Hear(known);
        AgentDescription next = known with { Rules = ["http"] };
        AgentDescription fresh = Described(notAfter: Start + Second);
        Assert.Null(_registry.Put(next));
        Assert.Null(_registry.Put(fresh));
        Assert.False(_registry.IsKnown(fresh.IncarnationId));

        _registry.Withdraw(next);
        _registry.Withdraw(fresh);

        Assert.True(_registry.IsKnown(known.IncarnationId));
        Assert.False(_registry.IsKnown(fresh.IncarnationId));
        Assert.Equal(known.IncarnationId, Assert.Single(_registry.Page().Announcements).IncarnationId);
    }

    [Fact]
    public void Withdraw_AnotherRequestPutItToo_LeavesItToThatOne()
    {
        AgentDescription first = Described(notAfter: Start + Second);
        AgentDescription again = first with { Rules = ["http"] };
        Assert.Null(_registry.Put(first));
        Assert.Null(_registry.Put(again));

        _registry.Withdraw(first);
        _registry.SetHandedOver(again);

        Assert.True(_registry.IsKnown(first.IncarnationId));
    }

    private void Hear(AgentDescription description)
    {
        Assert.Null(_registry.Put(description));
        _registry.SetHandedOver(description);
    }

    private static AgentDescription Described(ulong notAfter)
    {
        IncarnationId incarnation = IncarnationId.NewRandom();
        return new AgentDescription("client", incarnation, ["dns"], new Announcement
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = incarnation,
            Sequence = Start,
            IssuedAtUnixNs = Start - 2 * LossLedger.SettleAfterNs,
            NotAfterUnixNs = notAfter,
            AgentName = "client",
            // Its own address: of one address, only the two newest contexts are relayed.
            Addresses = [new Ipv6Address(incarnation.Value)],
            Suite = Suite.Aes256Gcm,
            Timetable = new EpochTimetable(7, Start - 2 * LossLedger.SettleAfterNs, 60 * Second, 60),
            OptionType = Pdmv2OptionView.DefaultOptionType,
            ClockErrorBoundNs = 1000,
        });
    }
}
