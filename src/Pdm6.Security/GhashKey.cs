using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Security;

/// <summary>
/// The hash key of AES-GCM, H = AES_K(0), and its powers (NIST SP 800-38D sections 6.3 and 6.4), for the kernel's key
/// material. Plain arithmetic without tables and without branches on the key.
/// </summary>
public static class GhashKey
{
    /// <summary>Octets of a field element.</summary>
    public const int ElementSize = 16;

    // x^128 = x^7 + x^2 + x + 1; the most significant bit stands for x^0.
    private static readonly UInt128 s_fieldPolynomial = (UInt128)0xe1 << 120;

    /// <summary>Writes H, H^2, H^3, .. one after the other, octets in the order of the GCM specification.</summary>
    /// <param name="key">16 or 32 octets.</param>
    /// <param name="powers">A multiple of 16 octets: as many powers as fit. The caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Powers(ReadOnlySpan<byte> key, Span<byte> powers)
    {
        if (key.Length is not (16 or 32))
            throw new ArgumentException("A key has 16 or 32 octets.", nameof(key));
        if (powers.IsEmpty || powers.Length % ElementSize != 0)
            throw new ArgumentException($"Powers take a multiple of {ElementSize} octets.", nameof(powers));
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> zero = stackalloc byte[ElementSize];
        zero.Clear();
        aes.EncryptEcb(zero, powers[..ElementSize], PaddingMode.None);
        UInt128 h = BinaryPrimitives.ReadUInt128BigEndian(powers);
        UInt128 power = h;
        for (Span<byte> rest = powers[ElementSize..]; !rest.IsEmpty; rest = rest[ElementSize..])
        {
            power = Multiply(power, h);
            BinaryPrimitives.WriteUInt128BigEndian(rest, power);
        }
    }

    /// <summary>Multiplies two field elements, 16 octets each (NIST SP 800-38D algorithm 1).</summary>
    /// <param name="left">16 octets.</param>
    /// <param name="right">16 octets.</param>
    /// <param name="product">Receives 16 octets; may be one of the factors.</param>
    public static void Multiply(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> product) =>
        BinaryPrimitives.WriteUInt128BigEndian(product, Multiply(
            BinaryPrimitives.ReadUInt128BigEndian(left), BinaryPrimitives.ReadUInt128BigEndian(right)));

    private static UInt128 Multiply(UInt128 left, UInt128 right)
    {
        UInt128 product = 0;
        for (int i = 127; i >= 0; i--)
        {
            product ^= right & Mask(left >> i);
            right = right >> 1 ^ (s_fieldPolynomial & Mask(right));
        }
        return product;
    }

    /// <summary>All ones if the lowest bit is set, else 0.</summary>
    private static UInt128 Mask(UInt128 value) => UInt128.Zero - (value & UInt128.One);
}
