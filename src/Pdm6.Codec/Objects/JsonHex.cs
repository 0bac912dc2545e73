using System.Buffers;
using System.Text.Json;

namespace Pdm6.Codec.Objects;

/// <summary>Octets as JSON text.</summary>
internal static class JsonHex
{
    private const int LargestOnStack = 256;

    /// <summary>Writes a member whose value is the octets in lower-case hexadecimal digits.</summary>
    public static void WriteHex(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> octets)
    {
        int size = 2 * octets.Length;
        byte[]? rented = size > LargestOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> digits = rented ?? stackalloc byte[LargestOnStack];
        Convert.TryToHexStringLower(octets, digits, out int written);
        json.WriteString(name, digits[..written]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
