using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pdm6.Security;

/// <summary>What all <see cref="IHexIdentifier{TSelf}"/> share.</summary>
internal static class HexIdentifier
{
    public const int TextLength = 32;

    public static UInt128 NewRandom()
    {
        UInt128 value = 0;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref value)));
        return value;
    }

    public static string Format(UInt128 value) => value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Exactly 32 hexadecimal digits; no sign, no blanks, no prefix.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = 0;
        return text.Length == TextLength
            && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
