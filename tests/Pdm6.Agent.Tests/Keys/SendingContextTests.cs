using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Keys;

public class SendingContextTests
{
    private const long HourNs = 3_600_000_000_000;
    private static readonly SenderIdentity s_sender = new("a", [Ipv6Address.Parse("2001:db8::1")], 0x1e, 0x1234, new KeyRotation(60_000_000_000));

    [Fact]
    public void Begin_UnixTimeWasSetBack_SequenceStillRises()
    {
        Announcement first = Begin(BootClock.UnixMinusBootNs(), 0);
        Announcement second = Begin(BootClock.UnixMinusBootNs() - HourNs, first.Sequence);
        Announcement third = Begin(BootClock.UnixMinusBootNs() + HourNs, second.Sequence);

        Assert.Equal(first.IssuedAtUnixNs, first.Sequence);
        Assert.True(second.IssuedAtUnixNs < first.IssuedAtUnixNs);
        Assert.Equal(first.Sequence + 1, second.Sequence);
        Assert.Equal(third.IssuedAtUnixNs, third.Sequence);
    }

    [Fact]
    public void Begin_OptionTypeAndExIdOfTheSender_AreAnnounced()
    {
        Announcement announcement = Begin(BootClock.UnixMinusBootNs(), 0);

        Assert.Equal((0x1e, 0x1234), (announcement.OptionType, announcement.ExId));
    }

    private static Announcement Begin(long unixMinusBootNs, ulong previousSequence)
    {
        using SendingContext context = SendingContext.Begin(
            (_, secret) => secret.Fill(1), s_sender, BootClock.NowNs, unixMinusBootNs, previousSequence);
        return context.Announcement;
    }
}
