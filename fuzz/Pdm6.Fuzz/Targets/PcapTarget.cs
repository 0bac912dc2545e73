namespace Pdm6.Fuzz.Targets;

/// <summary>Classic captures.</summary>
internal sealed class PcapTarget : CaptureTarget
{
    public override string Name => "pcap";

    public override IEnumerable<byte[]> Seeds =>
    [
        Capture(0xa1b2c3d4, false, 1, Ethernet(hasVlan: false), Ethernet(hasVlan: true)), Capture(0xa1b23c4d, true, 1, Ethernet(hasVlan: true)),
        Capture(0xa1b23c4d, false, 229, Samples.Packets.ElementAt(12)), Capture(0xa1b2c3d4, true, 113, [.. new byte[14], 0x86, 0xdd, .. Samples.Packets.First()]),
        Capture(0xa1b2c3d4, false, 276, [0x86, 0xdd, .. new byte[18], .. Samples.Packets.First()]), Capture(0xa1b2c3d4, false, 147),
    ];

    public override IReadOnlyList<byte[]> Tokens => [U32(0xa1b2c3d4, true), U32(0xa1b2c3d4, false), U32(0xa1b23c4d, true), [0x86, 0xdd], [0x81, 0, 0, 1], [1, 0, 0, 0], [113, 0, 0, 0], [0, 0, 0, 101]];

    private static byte[] Capture(uint magic, bool isBigEndian, uint linkType, params byte[][] frames) =>
    [
        .. U32(magic, isBigEndian), .. U16(2, isBigEndian), .. U16(4, isBigEndian), .. new byte[8], .. U32(65535, isBigEndian), .. U32(linkType, isBigEndian),
        .. frames.SelectMany(frame => (byte[])
            [.. U32(1_700_000_000, isBigEndian), .. U32(5, isBigEndian), .. U32((uint)frame.Length, isBigEndian), .. U32((uint)frame.Length, isBigEndian), .. frame]),
    ];
}
