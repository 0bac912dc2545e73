using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The Jumbo Payload option (RFC 2675 section 2): the payload's length in a packet whose Payload Length field is 0. It
/// stands in the Hop-by-Hop header, and counts what follows the fixed header, that header included.
/// </summary>
internal static class JumboPayload
{
    private const byte OptionType = 0xc2;
    private const byte OptionLength = 4;

    /// <summary>Finds the length. False if there is no such option, or its length is one that the fixed header could have
    /// said, which is an error (RFC 2675 section 3).</summary>
    /// <param name="hopByHop">The Hop-by-Hop header and what follows it, as far as they are there.</param>
    /// <param name="length">More than 65,535.</param>
    internal static bool TryReadLength(ReadOnlySpan<byte> hopByHop, out uint length)
    {
        length = 0;
        if (hopByHop.Length < HeaderOptions.Offset)
            return false;
        int headerSize = Math.Min((hopByHop[1] + 1) * 8, hopByHop.Length);
        foreach (ReadOnlySpan<byte> option in new HeaderOptions(hopByHop[HeaderOptions.Offset..headerSize]))
        {
            if (option[0] != OptionType || option[1] != OptionLength)
                continue;
            length = BinaryPrimitives.ReadUInt32BigEndian(option[2..]);
            return length > ushort.MaxValue;
        }
        return false;
    }
}
