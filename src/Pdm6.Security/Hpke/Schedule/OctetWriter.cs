using System.Buffers.Binary;

namespace Pdm6.Security.Schedule;

/// <summary>Puts octets one behind the other into memory that is exactly large enough.</summary>
internal ref struct OctetWriter(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    public void Append(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_rest);
        _rest = _rest[octets.Length..];
    }

    public void AppendUInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_rest, (ushort)value);
        _rest = _rest[sizeof(ushort)..];
    }

    /// <summary>The length, 16 bits, and the octets.</summary>
    public void AppendPrefixed(scoped ReadOnlySpan<byte> octets)
    {
        AppendUInt16(octets.Length);
        Append(octets);
    }
}
