using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>Which carriage octets are that come without a name.</summary>
internal static class CarriageGuess
{
    private const int ExIdOffset = 2;
    private const byte ExtendedLength = 255;

    public static CodecCarriage Of(ReadOnlySpan<byte> octets)
    {
        bool hasOptionType = octets.Length > 0 && octets[0] is Pdmv2OptionView.DefaultOptionType or Pdmv1Option.OptionType;
        bool hasItsSize = hasOptionType && octets.Length > 1 && octets.Length == octets[1] + 2;
        return !hasItsSize && IsSurplusOfPdm(octets) ? CodecCarriage.UdpOption
            : !hasOptionType ? CodecCarriage.UdpFrame
            : octets[0] != Pdmv1Option.OptionType ? CodecCarriage.DestoptV2
            : octets.Length > 1 && octets[1] == Pdmv1Option.OptionLength ? CodecCarriage.DestoptV1
            : CodecCarriage.DestoptV2Legacy;
    }

    /// <summary>The ExID of the first experimental option; the default if there is none.</summary>
    public static ushort ExIdOf(ReadOnlySpan<byte> surplus, bool startsAtOddOffset)
    {
        foreach (ReadOnlySpan<byte> option in OptionsOf(surplus, startsAtOddOffset))
            if (option[0] == UdpOption.Kind && option[1] != ExtendedLength)
                return BinaryPrimitives.ReadUInt16BigEndian(option[ExIdOffset..]);
        return UdpOption.DefaultExId;
    }

    /// <summary>A PDM option directly behind the checksum, or behind a pad and the checksum, in an area that its options
    /// fill.</summary>
    private static bool IsSurplusOfPdm(ReadOnlySpan<byte> octets)
    {
        bool hasPad = octets.Length > 3 && octets[0] == 0 && octets[3] == UdpOption.Kind;
        int first = hasPad ? 3 : 2;
        if (octets.Length < first + ExIdOffset + 2 || octets[first] != UdpOption.Kind
            || BinaryPrimitives.ReadUInt16BigEndian(octets[(first + ExIdOffset)..]) != UdpOption.DefaultExId)
            return false;
        UdpOptionList.Enumerator walk = OptionsOf(octets, hasPad).GetEnumerator();
        while (walk.MoveNext())
        {
            // walking is checking
        }
        return walk.Broken.IsEmpty;
    }

    private static UdpOptionList OptionsOf(ReadOnlySpan<byte> surplus, bool hasPad) =>
        new(surplus[Math.Min(surplus.Length, hasPad ? 3 : 2)..]);
}
