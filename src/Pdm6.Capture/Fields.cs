using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>Integers in the byte order of the machine that wrote the capture.</summary>
internal readonly ref struct Fields(ReadOnlySpan<byte> octets, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> _octets = octets;

    public ushort U16(int offset) => isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(_octets[offset..])
        : BinaryPrimitives.ReadUInt16LittleEndian(_octets[offset..]);

    public uint U32(int offset) => isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(_octets[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(_octets[offset..]);

    public long I64(int offset) => isBigEndian
        ? BinaryPrimitives.ReadInt64BigEndian(_octets[offset..])
        : BinaryPrimitives.ReadInt64LittleEndian(_octets[offset..]);
}
