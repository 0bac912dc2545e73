namespace Pdm6.Fuzz.Targets;

/// <summary>Captures of the next generation.</summary>
internal sealed class PcapngTarget : CaptureTarget
{
    public override string Name => "pcapng";

    public override IEnumerable<byte[]> Seeds =>
    [
        Capture(false, [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0], Ethernet(hasVlan: false)), Capture(true, [0, 9, 0, 1, 0x86, 0, 0, 0, 0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], Ethernet(hasVlan: true)),
        Capture(false, [14, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0], Ethernet(hasVlan: false)),
        [.. Capture(true, [], Ethernet(hasVlan: false)), .. Capture(false, [], Ethernet(hasVlan: false))],
    ];

    public override IReadOnlyList<byte[]> Tokens =>
    [
        U32(0x0a0d0d0a, true), U32(0x1a2b3c4d, true), U32(0x1a2b3c4d, false), U32(6, true), U32(6, false), U32(1, true), U32(1, false), U32(3, true), U32(3, false), U32(32, false), U32(32, true),
        [0, 9, 0, 1], [9, 0, 1, 0], [0, 14, 0, 8], [14, 0, 8, 0], [0x86, 0xdd],
    ];

    private static byte[] Capture(bool isBigEndian, byte[] options, byte[] frame) =>
    [
        .. Block(0x0a0d0d0a, isBigEndian, [.. U32(0x1a2b3c4d, isBigEndian), .. U16(1, isBigEndian), .. U16(0, isBigEndian), .. Enumerable.Repeat((byte)0xff, 8)]),
        .. Block(1, isBigEndian, [.. U16(1, isBigEndian), 0, 0, .. U32(0, isBigEndian), .. options]),
        .. Block(6, isBigEndian, [.. U32(0, isBigEndian), .. U32(0x5fffff, isBigEndian), .. U32(9, isBigEndian), .. U32((uint)frame.Length, isBigEndian), .. U32((uint)frame.Length, isBigEndian), .. frame]),
        .. Block(0xbad, isBigEndian, [1, 2, 3, 4]),
        .. Block(3, isBigEndian, [.. U32((uint)frame.Length, isBigEndian), .. frame]),
    ];

    private static byte[] Block(uint type, bool isBigEndian, byte[] body)
    {
        body = [.. body, .. new byte[-body.Length & 3]];
        byte[] size = U32((uint)body.Length + 12, isBigEndian);
        return [.. U32(type, isBigEndian), .. size, .. body, .. size];
    }
}
