using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

/// <summary>Which of several contexts of one address are tried.</summary>
public sealed class OptionOpenerContextTests
{
    private const string Address = "2001:db8::1";
    private const string Destination = "2001:db8::2";

    private static readonly PdmMetrics s_metrics = new(1, 2, default, default);

    private readonly Sender _first = Numbered(1), _second = Numbered(2), _third = Numbered(3);

    [Fact]
    public void TryOpen_TwoContextsOfOneSender_OpensBoth()
    {
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _first, _second);
        Assert.Equal(_first.Announcement.ContextId, AssertOpens(opener, _first).Context);
        Assert.Equal(_second.Announcement.ContextId, AssertOpens(opener, _second).Context);
    }

    [Fact]
    public void TryOpen_ThreeContextsLive_OpensTheTwoNewestWhateverTheOrder()
    {
        Sender[] senders = [_first, _second, _third];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        Assert.All(orders, order =>
        {
            using OptionOpener opener = OpenerOf(OpenerMode.Live, [.. order.Select(i => senders[i])]);
            AssertOpens(opener, _third);
            AssertOpens(opener, _second);
            Assert.Equal(OpenResult.AuthenticationFailed, Try(opener, _first, out _));
        });
    }

    [Fact]
    public void TryOpen_ThreeContextsInAnalysis_OpensAll()
    {
        using OptionOpener opener = OpenerOf(OpenerMode.Analysis, _third, _first, _second);
        AssertOpens(opener, _first);
        AssertOpens(opener, _second);
        AssertOpens(opener, _third);
    }

    [Fact]
    public void Add_OlderThanTheTwoNewest_IsSuperseded()
    {
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _third, _second);
        Assert.Equal(AddContextResult.Superseded, opener.Add(_first.Announcement, _first.BaseSecret));
    }

    [Fact]
    public void Add_OldOnOneAddressNewOnAnother_StaysThere()
    {
        Sender wide = new(Address, "2001:db8::77")
        {
            Announcement = new Sender(Address, "2001:db8::77").Announcement with { Sequence = 1 },
        };
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _third, _second);
        Assert.Equal(AddContextResult.Added, opener.Add(wide.Announcement, wide.BaseSecret));
        Assert.Equal(OpenResult.AuthenticationFailed, Try(opener, wide, out _));
        FlowKey flow = wide.Flow(Destination) with { Source = wide.Announcement.Addresses[1] };
        Assert.Equal(
            OpenResult.Opened, opener.TryOpen(flow, wide.Seal(flow, 0, 1, s_metrics), Start, out _));
    }

    [Fact]
    public void Add_SameContextAgain_TakesOnlyTheNewer()
    {
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _second);
        Assert.Equal(AddContextResult.Superseded, opener.Add(_second.Announcement, _second.BaseSecret));
        Announcement moved = _second.Announcement with
        {
            Sequence = 20,
            Addresses = [Ipv6Address.Parse("2001:db8::50")],
        };
        Assert.Equal(AddContextResult.Added, opener.Add(moved, _second.BaseSecret));
        Assert.Equal(AddContextResult.Superseded, opener.Add(_second.Announcement, _second.BaseSecret));
        Assert.Equal(OpenResult.NoKey, Try(opener, _second, out _));
        FlowKey flow = _second.Flow(Destination) with { Source = moved.Addresses[0] };
        Assert.Equal(
            OpenResult.Opened, opener.TryOpen(flow, _second.Seal(flow, 0, 1, s_metrics), Start, out _));
    }

    [Fact]
    public void Add_ContextIdOfAnotherIncarnation_IsSuperseded()
    {
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _first);
        Announcement thief = _third.Announcement with { ContextId = _first.Announcement.ContextId };
        Assert.Equal(AddContextResult.Superseded, opener.Add(thief, _third.BaseSecret));
        AssertOpens(opener, _first);
    }

    [Fact]
    public void Add_MoreThanTheLimit_IsTooMany()
    {
        using OptionOpener opener = new(OpenerMode.Analysis, new OpenerLimits(Contexts: 2));
        Assert.Equal(AddContextResult.Added, opener.Add(_first.Announcement, _first.BaseSecret));
        Assert.Equal(AddContextResult.Added, opener.Add(_second.Announcement, _second.BaseSecret));
        Assert.Equal(AddContextResult.TooMany, opener.Add(_third.Announcement, _third.BaseSecret));
        AssertOpens(opener, _first);
    }

    [Fact]
    public void TryOpen_AnnouncementExpired_IsRefusedLiveAndOpenedInAnalysis()
    {
        Sender sender = new(Address)
        {
            Announcement = _first.Announcement with { NotAfterUnixNs = Start + 600 * Second },
        };
        using OptionOpener live = OpenerOf(OpenerMode.Live, sender);
        using OptionOpener analysis = OpenerOf(OpenerMode.Analysis, sender);
        FlowKey flow = sender.Flow(Destination);
        byte[] option = sender.Seal(flow, 10, 1, s_metrics);
        ulong last = Start + 605 * Second;
        Assert.Equal(OpenResult.Opened, live.TryOpen(flow, option, last, out _));
        Assert.Equal(OpenResult.WrongEpoch, live.TryOpen(flow, option, last + 1, out _));
        Assert.Equal(OpenResult.Opened, analysis.TryOpen(flow, option, last + 1, out _));
    }

    [Fact]
    public void RemoveEnded_Past_ForgetsTheContextAndNothingElse()
    {
        Sender later = new(Address)
        {
            Announcement = _second.Announcement with
            {
                Timetable = _second.Announcement.Timetable with { FirstInstantUnixNs = Start + 3600 * Second },
                NotAfterUnixNs = Start + 90_000 * Second,
            },
        };
        using OptionOpener opener = OpenerOf(OpenerMode.Live, _first, later);
        AssertOpens(opener, _first);
        ulong end = Start + (86_400 + 5) * Second;
        opener.RemoveEnded(end);
        AssertOpens(opener, _first);
        opener.RemoveEnded(end + 1);
        Assert.Equal(OpenResult.WrongEpoch, Try(opener, _first, out _));
        FlowKey flow = later.Flow(Destination);
        Assert.Equal(OpenResult.Opened, opener.TryOpen(
            flow, later.Seal(flow, 0, 1, s_metrics), Start + 3600 * Second, out _));
    }

    private static Sender Numbered(ulong sequence)
    {
        Announcement announcement = new Sender(Address).Announcement with { Sequence = sequence };
        return new Sender(Address) { Announcement = announcement };
    }

    private static OptionOpener OpenerOf(OpenerMode mode, params Sender[] senders)
    {
        OptionOpener opener = new(mode);
        foreach (Sender sender in senders)
            opener.Add(sender.Announcement, sender.BaseSecret);
        return opener;
    }

    private static OpenedOption AssertOpens(OptionOpener opener, Sender sender)
    {
        Assert.Equal(OpenResult.Opened, Try(opener, sender, out OpenedOption opened));
        Assert.Equal(s_metrics, opened.Metrics);
        return opened;
    }

    private static OpenResult Try(OptionOpener opener, Sender sender, out OpenedOption opened)
    {
        FlowKey flow = sender.Flow(Destination);
        return opener.TryOpen(flow, sender.Seal(flow, 0, 1, s_metrics), Start + Second, out opened);
    }
}
