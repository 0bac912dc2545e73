using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>Writes TLVs one behind the other, see <see cref="Tlv"/>.</summary>
/// <param name="destination">Where to; a TLV that does not fit is not written at all.</param>
public ref struct TlvWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Octets written so far.</summary>
    public int WrittenSize { get; private set; }

    /// <summary>Writes one TLV; false if there is no room for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A known type with a value of another length, or a value of more
    /// than 65,535 octets: a caller's mistake.</exception>
    public bool TryWrite(TlvType type, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue || !Tlv.HasItsSize((ushort)type, value.Length))
            throw new ArgumentOutOfRangeException(nameof(value), value.Length, "This type has a value of another length.");
        Span<byte> rest = _destination[WrittenSize..];
        if (rest.Length < Tlv.HeaderSize + value.Length)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)value.Length);
        value.CopyTo(rest[Tlv.HeaderSize..]);
        WrittenSize += Tlv.HeaderSize + value.Length;
        return true;
    }

    /// <summary>Writes a number of 8 octets; false if there is no room for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type has another length: a caller's mistake.</exception>
    public bool TryWriteU64(TlvType type, ulong value)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, value);
        return TryWrite(type, octets);
    }

    /// <summary>Writes a number of 4 octets; false if there is no room for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type has another length: a caller's mistake.</exception>
    public bool TryWriteU32(TlvType type, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return TryWrite(type, octets);
    }

    /// <summary>Writes a number of one octet; false if there is no room for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type has another length: a caller's mistake.</exception>
    public bool TryWriteU8(TlvType type, byte value) => TryWrite(type, [value]);
}
