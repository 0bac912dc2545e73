using Pdm6.Fuzz.Engine;
using Pdm6.Security;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="Announcement.TryParse"/>: never throws, and what was read and written reads the same.</summary>
internal sealed class AnnouncementTarget : FuzzTarget
{
    public override string Name => "announcement";
    public override int LargestInput => 2048;
    public override int Share => 1;
    public override bool AllocatesNothing => false;
    public override IEnumerable<byte[]> Seeds => [LabKeys.Announcement.ToJson(), [.. "{}"u8], [.. "null"u8]];

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
