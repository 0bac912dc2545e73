using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="Announcement.TryParse"/>: never throws, and what was read and written reads the same.</summary>
internal sealed class AnnouncementTarget : FuzzTarget
{
    public override string Name => "announcement";
    public override int LargestInput => 2048;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds =>
    [
        .. Announcements.Select(announcement => announcement.ToJson()), [.. "{}"u8], [.. "null"u8], [.. "[]"u8], [.. "{\"addresses\":3}"u8],
        [.. "{\"contextId\":\"x\"}"u8], [.. "{\"carriages\":[1]}"u8], [.. "{\"exId\":0}"u8], [.. "{\"addresses\":[null]}"u8],
    ];

    /// <summary>A good one, and one for each rule that it may break.</summary>
    private static IEnumerable<Announcement> Announcements
    {
        get
        {
            Announcement good = LabKeys.Announcement;
            Ipv6Address address = good.Addresses[0];
            return
            [
                good, good with { Carriages = Carriages.UdpOption, ExId = 1 }, good with { Suite = Suite.Aes128Gcm, Addresses = [address, Samples.Destination] },
                good with { FormatVersion = 2 }, good with { AgentName = "" }, good with { AgentName = "a b" }, good with { AgentName = new string('a', 65) },
                good with { OptionType = 0x0f }, good with { OptionType = 0xc0 }, good with { OptionType = 1 },
                good with { ClockErrorBoundNs = 60_000_000_001 }, good with { NotAfterUnixNs = good.IssuedAtUnixNs },
                good with { Addresses = [] }, good with { Addresses = [address, address] }, good with { Addresses = [default] },
                good with { Addresses = [Ipv6Address.Parse("ff02::1")] },
                good with { Timetable = good.Timetable with { FirstEpoch = 4096 } }, good with { Timetable = good.Timetable with { LengthNs = 1 } },
                good with { Timetable = good.Timetable with { Count = 0 } }, good with { Timetable = good.Timetable with { Count = 4096 } },
                good with { Timetable = good.Timetable with { FirstInstantUnixNs = ulong.MaxValue } },
            ];
        }
    }

    public override IReadOnlyList<byte[]> Tokens =>
    [
        [.. "null"u8], [.. "true"u8], [.. "\"\""u8], [.. "[]"u8], [.. "{}"u8], [.. "-1"u8], [.. "18446744073709551616"u8], [.. "1e99"u8], [.. "\\u0000"u8],
        [.. "\"::1\""u8], [.. "\"ff02::1\""u8], [.. "\"2001:db8::a\","u8], [.. "\"carriages\":[\"udp-option\"],"u8], [.. ","u8], [.. "\""u8], [.. "4096"u8], [0xc3, 0x28], [.. "\ud83d\ude00"u8],
    ];

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!Announcement.TryParse(input, out Announcement? announcement, out string? error))
        {
            Expect.That(announcement is null && error.Length > 0, "what is wrong is said");
            // What the parser says, without the place where it says it and what it found there.
            int end = error.IndexOfAny(['\'', '.']);
            return new FuzzOutcome(false, Feature.Of(error.AsSpan(0, end < 0 ? error.Length : end)));
        }
        byte[] json = announcement.ToJson();
        Expect.That(Announcement.TryParse(json, out Announcement? again, out _), "what was written can be read");
        Expect.Equal(json, again!.ToJson(), "decode then encode is the identity");
        return new FuzzOutcome(true, 1 + announcement.Addresses.Count);
    }
}
