using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

public sealed class OptionOpenerTests
{
    private static readonly PdmMetrics s_metrics = new(
        7, 42, PdmTime.FromNanoseconds(1_000_000), PdmTime.FromNanoseconds(20_000_000));

    private readonly Sender _sender = new("2001:db8::1");

    [Theory]
    [InlineData(Suite.Aes128Gcm)]
    [InlineData(Suite.Aes256Gcm)]
    public void TryOpen_RightEpoch_GivesContextEpochAndMetrics(Suite suite)
    {
        Sender sender = new("2001:db8::1") { Announcement = _sender.Announcement with { Suite = suite } };
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] option = sender.Seal(flow, 3, 0xfffffffe, s_metrics);
        Assert.Equal(OpenResult.Opened, opener.TryOpen(flow, option, At(3, 30), out OpenedOption opened));
        Assert.Equal(
            new OpenedOption(
                sender.Announcement.ContextId, sender.Announcement.IncarnationId, 3, 103, 0xfffffffe, s_metrics),
            opened);
    }

    // Epochs last 60 s; a neighbour is good for 5 s around the change.
    [Theory]
    [InlineData(10, 0, OpenResult.Opened)]
    [InlineData(10, 60 * (long)Second - 1, OpenResult.Opened)]
    [InlineData(10, 60 * (long)Second, OpenResult.Opened)]
    [InlineData(10, 65 * (long)Second, OpenResult.Opened)]
    [InlineData(10, 65 * (long)Second + 1, OpenResult.WrongEpoch)]
    [InlineData(10, -1, OpenResult.Opened)]
    [InlineData(10, -5 * (long)Second, OpenResult.Opened)]
    [InlineData(10, -5 * (long)Second - 1, OpenResult.WrongEpoch)]
    [InlineData(0, -5 * (long)Second, OpenResult.Opened)]
    [InlineData(0, -5 * (long)Second - 1, OpenResult.WrongEpoch)]
    [InlineData(1439, 65 * (long)Second, OpenResult.Opened)]
    [InlineData(1439, 65 * (long)Second + 1, OpenResult.WrongEpoch)]
    [InlineData(1440, 0, OpenResult.WrongEpoch)]
    [InlineData(-1, 59 * (long)Second, OpenResult.WrongEpoch)]
    public void TryOpen_AroundTheChange_AcceptsNeighboursForFiveSeconds(long index, long afterStartNs, OpenResult result)
    {
        using OptionOpener opener = OpenerOf(_sender);
        AssertResult(opener, result, index, afterStartNs);
    }

    [Theory]
    [InlineData(7 * (long)Second + 60 * (long)Second, OpenResult.Opened)]
    [InlineData(7 * (long)Second + 60 * (long)Second + 1, OpenResult.WrongEpoch)]
    [InlineData(-7 * (long)Second, OpenResult.Opened)]
    [InlineData(-7 * (long)Second - 1, OpenResult.WrongEpoch)]
    public void TryOpen_ClockErrorAnnounced_WidensByTheBound(long afterStartNs, OpenResult result)
    {
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(_sender.Announcement with { ClockErrorBoundNs = 2 * Second }, _sender.BaseSecret);
        AssertResult(opener, result, 10, afterStartNs);
    }

    [Theory]
    [InlineData(1, OpenResult.Opened)]
    [InlineData(2, OpenResult.WrongEpoch)]
    [InlineData(-1, OpenResult.Opened)]
    [InlineData(-2, OpenResult.WrongEpoch)]
    public void TryOpen_EpochsShorterThanTheSlack_AcceptsNeighboursOnly(int epochsLater, OpenResult result)
    {
        Announcement announcement = _sender.Announcement with
        {
            Timetable = new EpochTimetable(100, Start, Second, 4096),
        };
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(announcement, _sender.BaseSecret);
        FlowKey flow = _sender.Flow("2001:db8::2");
        ulong middle = Start + (ulong)(10 + epochsLater) * Second + Second / 2;
        Assert.Equal(result, opener.TryOpen(flow, _sender.Seal(flow, 10, 1, s_metrics), middle, out _));
    }

    [Fact]
    public void TryOpen_UnknownSource_SaysNoKey()
    {
        using OptionOpener opener = OpenerOf(_sender);
        FlowKey flow = _sender.Flow("2001:db8::2") with { Source = Ipv6Address.Parse("2001:db8::99") };
        Assert.Equal(OpenResult.NoKey, opener.TryOpen(flow, _sender.Seal(flow, 0, 1, s_metrics), Start, out _));
    }

    [Fact]
    public void TryOpen_OtherFlow_FailsAuthentication()
    {
        using OptionOpener opener = OpenerOf(_sender);
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] option = _sender.Seal(flow, 0, 1, s_metrics);
        FlowKey[] others =
        [
            flow with { Destination = Ipv6Address.Parse("2001:db8::3") },
            flow with { Protocol = NextHeader.Tcp },
            flow with { SourcePort = 40001 },
            flow with { DestinationPort = 54 },
        ];
        Assert.All(others, other =>
        {
            Assert.Equal(OpenResult.AuthenticationFailed, opener.TryOpen(other, option, Start, out OpenedOption opened));
            Assert.Equal(default, opened);
        });
        Assert.Equal(OpenResult.Opened, opener.TryOpen(flow, option, Start, out _));
    }

    [Fact]
    public void TryOpen_AnyBitFlipped_NeverOpens()
    {
        using OptionOpener opener = OpenerOf(_sender);
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] option = _sender.Seal(flow, 0, 1, s_metrics);
        Dictionary<OpenResult, int> results = [];
        for (int bit = 0; bit < option.Length * 8; bit++)
        {
            option[bit / 8] ^= (byte)(1 << bit % 8);
            OpenResult result = opener.TryOpen(flow, option, At(0, 30), out _);
            results[result] = results.GetValueOrDefault(result) + 1;
            option[bit / 8] ^= (byte)(1 << bit % 8);
        }
        // 8 bits of length, 4 of version, 12 of epoch; the other 296 meet the tag.
        Assert.Equal(8, results[OpenResult.Malformed]);
        Assert.Equal(4, results[OpenResult.UnknownVersion]);
        Assert.Equal(12, results[OpenResult.WrongEpoch]);
        Assert.Equal(296, results[OpenResult.AuthenticationFailed]);
        Assert.Equal(4, results.Count);
    }

    [Fact]
    public void TryOpen_NotProtected_SaysWhat()
    {
        using OptionOpener opener = OpenerOf(_sender);
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] clear = new byte[Pdmv2OptionView.ClearSize];
        Pdmv2OptionView.WriteHeader(clear, 0x1e, isProtected: false, 0, 1);
        Assert.Equal(OpenResult.Clear, opener.TryOpen(flow, clear, Start, out _));
        Assert.Equal(OpenResult.Malformed, opener.TryOpen(flow, [], Start, out _));
        Assert.Equal(OpenResult.Malformed, opener.TryOpen(flow, clear.AsSpan(0, 23), Start, out _));
        clear[2] = 0x30;
        Assert.Equal(OpenResult.UnknownVersion, opener.TryOpen(flow, clear, Start, out _));
    }

    [Fact]
    public void TryOpen_RandomBytes_NeverThrows()
    {
        Random random = new(20251010);
        using OptionOpener opener = OpenerOf(_sender);
        FlowKey flow = _sender.Flow("2001:db8::2");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] option = new byte[random.Next(48)];
            random.NextBytes(option);
            if (option.Length > 2 && i % 2 == 0)
            {
                option[1] = 38;
                option[2] = (byte)(0x20 | option[2] & 0x0f);
            }
            ulong at = i % 3 == 0 ? (ulong)random.NextInt64() * 2 : Start;
            Assert.NotEqual(OpenResult.Opened, opener.TryOpen(flow, option, at, out _));
        }
    }

    [Fact]
    public void TryOpen_Disposed_Throws()
    {
        OptionOpener opener = OpenerOf(_sender);
        opener.Dispose();
        opener.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opener.TryOpen(default, [], 0, out _));
        Assert.Throws<ObjectDisposedException>(() => opener.OpenBatch([], [], []));
        Assert.Throws<ObjectDisposedException>(() => opener.Add(_sender.Announcement, _sender.BaseSecret));
        Assert.Throws<ObjectDisposedException>(() => opener.RemoveEnded(0));
    }

    [Fact]
    public void Add_NotValid_IsTheCallersMistake()
    {
        using OptionOpener opener = new(OpenerMode.Live);
        Assert.Throws<ArgumentException>(
            () => opener.Add(_sender.Announcement with { Suite = (Suite)9 }, _sender.BaseSecret));
        Assert.Throws<ArgumentException>(() => opener.Add(_sender.Announcement, new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new OptionOpener(OpenerMode.Live, new OpenerLimits(SessionKeys: 0)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new OptionOpener(OpenerMode.Live, new OpenerLimits(Contexts: 0)));
    }

    private void AssertResult(OptionOpener opener, OpenResult result, long index, long afterStartNs)
    {
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] option = _sender.Seal(flow, index, 1, s_metrics);
        ulong at = (ulong)((long)_sender.Announcement.Timetable.StartOf(index) + afterStartNs);
        Assert.Equal(result, opener.TryOpen(flow, option, at, out OpenedOption opened));
        Assert.Equal(result == OpenResult.Opened ? index : 0, opened.EpochIndex);
    }

    private static ulong At(long index, ulong seconds) => Start + (ulong)index * 60 * Second + seconds * Second;

    private static OptionOpener OpenerOf(Sender sender)
    {
        OptionOpener opener = new(OpenerMode.Live);
        Assert.Equal(AddContextResult.Added, opener.Add(sender.Announcement, sender.BaseSecret));
        return opener;
    }
}
