using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>Reads TLVs one after the other, see <see cref="Tlv"/>.</summary>
/// <param name="tlvs">The TLVs, nothing else.</param>
public ref struct TlvReader(ReadOnlySpan<byte> tlvs)
{
    private ReadOnlySpan<byte> _rest = tlvs;

    /// <summary>True once a TLV ran past the end or was of a known type and another length: none of the TLVs may be
    /// used.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>True if all of these octets are TLVs and the known types have their length.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> tlvs)
    {
        TlvReader reader = new(tlvs);
        while (reader.TryReadNext(out _, out _))
        {
            // reading is checking
        }
        return !reader.IsMalformed;
    }

    /// <summary>Reads the next TLV; false at the end, and at the first that is not well-formed.</summary>
    /// <param name="type">Its type, a <see cref="TlvType"/> or any other number.</param>
    /// <param name="value">Its value.</param>
    public bool TryReadNext(out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.IsEmpty)
            return false;
        int size = _rest.Length < Tlv.HeaderSize ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (size > _rest.Length - Tlv.HeaderSize || !Tlv.HasItsSize(BinaryPrimitives.ReadUInt16BigEndian(_rest), size))
        {
            IsMalformed = true;
            _rest = default;
            return false;
        }
        type = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        value = _rest.Slice(Tlv.HeaderSize, size);
        _rest = _rest[(Tlv.HeaderSize + size)..];
        return true;
    }
}
