using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// One type-length-value of a udp-frame (protocol reference, section 4).
/// <code>
/// |             Type              |  Length of the value, octets  |   0
/// |     Value                                                     |   4
/// </code>
/// </summary>
public static class Tlv
{
    /// <summary>Octets before the value.</summary>
    public const int HeaderSize = 4;

    /// <summary>True if a value of this size is well-formed: types that are not known, and those without a length of
    /// their own, take any.</summary>
    /// <param name="type">The type.</param>
    /// <param name="size">Octets of the value.</param>
    public static bool HasItsSize(ushort type, int size) => (TlvType)type switch
    {
        TlvType.HopCount => size == sizeof(byte),
        TlvType.LossRate => size == sizeof(uint),
        TlvType.RoundTrip or TlvType.Jitter or TlvType.ReceiveTime or TlvType.SendTime => size == sizeof(ulong),
        TlvType.Pdm => size == PdmMetrics.Size,
        _ => true,
    };

    /// <summary>The number in a value of 1, 4 or 8 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value of another size: a caller's mistake.</exception>
    public static ulong ReadNumber(ReadOnlySpan<byte> value) => value.Length switch
    {
        sizeof(byte) => value[0],
        sizeof(uint) => BinaryPrimitives.ReadUInt32BigEndian(value),
        sizeof(ulong) => BinaryPrimitives.ReadUInt64BigEndian(value),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Length, "A number takes 1, 4 or 8 octets."),
    };
}
