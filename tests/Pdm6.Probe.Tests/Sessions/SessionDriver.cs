using Pdm6.Probe.Sessions;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Sessions;

/// <summary>A session whose time is made up: instants are microseconds from its start, on every clock.</summary>
internal sealed class SessionDriver
{
    internal const ulong UnixEpochNs = 1_700_000_000_000_000_000;
    internal const long TimeoutUs = 1_000_000;
    private const byte HopLimit = 61;

    internal SessionDriver(int remembered = 64, byte? hopLimit = null) => Session = new ProbeSession(
        new ProbeTarget("host", Ipv6Address.Parse("2001:db8::1"), 8250),
        new SessionSettings(TimeoutUs * 1000, 141, remembered, hopLimit), Sink);

    internal RecordingSink Sink { get; } = new();

    internal ProbeSession Session { get; }

    internal ProbeSummary Summary => Session.Summarise();

    internal static ulong Unix(long us) => UnixEpochNs + (ulong)(us * 1000);

    /// <summary>Sends a request that the kernel stamps <paramref name="lagUs"/> later.</summary>
    internal uint Send(long us, long lagUs = 5)
    {
        uint index = Session.OnSending(Unix(us), us * 1000);
        Session.OnTransmitStamp(index, Unix(us + lagUs));
        return index;
    }

    /// <summary>A reply whose kernel stamp is <paramref name="us"/> and that is read 10 us later.</summary>
    internal void Reply(uint index, long us, ulong? receivedAt = null, ulong? sentAt = null, uint? number = null,
        ReflectorCounts? counts = null, long? clockErrorNs = null, ulong? stampedAt = null) => Session.OnReply(
        new ReplyFacts
        {
            Index = index,
            RequestReceivedAtUnixNs = receivedAt,
            ReplySentAtUnixNs = sentAt,
            ReplyNumber = number,
            Counts = counts,
            ClockErrorNs = clockErrorNs,
            HopsThere = 4,
        },
        new Arrival(stampedAt ?? Unix(us), (us + 10) * 1000, HopLimit, Ipv6Address.Parse("2001:db8::2")), 141);
}
