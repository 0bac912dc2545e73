namespace Pdm6.Capture.Tests.Support;

/// <summary>Writes captures octet by octet, in either byte order.</summary>
internal sealed class CaptureBytes(bool isBigEndian = false)
{
    private readonly List<byte> _octets = [];

    public byte[] ToArray() => [.. _octets];

    public CaptureReader Read() => new(new MemoryStream(ToArray()));

    public CaptureBytes Section() => Block(0x0a0d0d0a, [.. U32(0x1a2b3c4d), .. U16(1), .. U16(0), .. U64(ulong.MaxValue)]);

    /// <param name="linkType">LINKTYPE_ value.</param>
    /// <param name="resolution">if_tsresol, if any.</param>
    /// <param name="offsetSeconds">if_tsoffset, if any.</param>
    /// <param name="snapLength">Snap length.</param>
    public CaptureBytes Interface(ushort linkType = 1, byte? resolution = null, long? offsetSeconds = null, uint snapLength = 0)
    {
        List<byte> body = [.. U16(linkType), .. U16(0), .. U32(snapLength), .. PcapngOption(2, "eth0"u8.ToArray())];
        if (resolution is { } value)
            body.AddRange(PcapngOption(9, [value]));
        if (offsetSeconds is { } offset)
            body.AddRange(PcapngOption(14, U64((ulong)offset)));
        body.AddRange(PcapngOption(0, []));
        return Block(1, [.. body]);
    }

    public CaptureBytes EnhancedPacket(byte[] frame, ulong timestamp = 0, uint fromInterface = 0, uint? captured = null) => Block(6,
    [
        .. U32(fromInterface), .. U32((uint)(timestamp >> 32)), .. U32((uint)timestamp), .. U32(captured ?? (uint)frame.Length),
        .. U32((uint)frame.Length + 7), .. Padded(frame), .. PcapngOption(1, "a comment"u8.ToArray()), .. PcapngOption(0, []),
    ]);

    public CaptureBytes SimplePacket(byte[] frame, uint original) => Block(3, [.. U32(original), .. Padded(frame)]);

    public CaptureBytes Block(uint type, byte[] body, uint? length = null, uint? trailing = null)
    {
        uint size = length ?? (uint)body.Length + 12;
        return Raw([.. U32(type), .. U32(size), .. body, .. U32(trailing ?? size)]);
    }

    public CaptureBytes PcapHeader(uint magic = 0xa1b2c3d4, uint linkType = 1) =>
        Raw([.. U32(magic), .. U16(2), .. U16(4), .. U64(0), .. U32(262_144), .. U32(linkType)]);

    public CaptureBytes PcapRecord(byte[] frame, uint seconds, uint fraction, uint? captured = null) =>
        Raw([.. U32(seconds), .. U32(fraction), .. U32(captured ?? (uint)frame.Length), .. U32((uint)frame.Length + 7), .. frame]);

    public CaptureBytes Raw(params byte[] octets)
    {
        _octets.AddRange(octets);
        return this;
    }

    public byte[] U16(ushort value) => [.. Ordered(BitConverter.GetBytes(value))];
    public byte[] U32(uint value) => [.. Ordered(BitConverter.GetBytes(value))];
    public byte[] U64(ulong value) => [.. Ordered(BitConverter.GetBytes(value))];

    private IEnumerable<byte> Ordered(byte[] octets) => isBigEndian == BitConverter.IsLittleEndian ? octets.Reverse() : octets;

    private byte[] PcapngOption(ushort code, byte[] value) => [.. U16(code), .. U16((ushort)value.Length), .. Padded(value)];

    private static byte[] Padded(byte[] octets) => [.. octets, .. new byte[-octets.Length & 3]];
}
