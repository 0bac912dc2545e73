using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Support;

internal static class TestAnnouncements
{
    internal const ulong Second = 1_000_000_000;

    internal static Announcement Make(ulong sequence, params string[] addresses) => new()
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = ContextId.NewRandom(),
        IncarnationId = IncarnationId.NewRandom(),
        Sequence = sequence,
        IssuedAtUnixNs = 1000 * Second,
        NotAfterUnixNs = 90_000 * Second,
        AgentName = "other",
        Addresses = [.. addresses.Select(address => Ipv6Address.Parse(address))],
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(7, 1000 * Second, 60 * Second, 100),
        OptionType = 0x1e,
        ClockErrorBoundNs = 0,
    };
}
