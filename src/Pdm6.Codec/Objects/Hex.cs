using System.Buffers;

namespace Pdm6.Codec.Objects;

/// <summary>Hexadecimal digits, UTF-8, of either case; written in lower case.</summary>
internal static class Hex
{
    /// <summary>Reads digits into <paramref name="octets"/>; false if there is anything but pairs of digits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> digits, IBufferWriter<byte> octets)
    {
        if (digits.Length % 2 != 0)
            return false;
        int size = digits.Length / 2;
        if (size == 0)
            return true;
        if (Convert.FromHexString(digits, octets.GetSpan(size), out _, out _) != OperationStatus.Done)
            return false;
        octets.Advance(size);
        return true;
    }

    /// <summary>Writes digits.</summary>
    public static void Write(ReadOnlySpan<byte> octets, IBufferWriter<byte> digits)
    {
        Convert.TryToHexStringLower(octets, digits.GetSpan(2 * octets.Length), out int written);
        digits.Advance(written);
    }
}
