using System.Buffers.Binary;
using System.Numerics;

namespace Pdm6.Security;

/// <summary>
/// The AES key expansion (FIPS 197 section 5.2) as plain arithmetic, for the kernel's key material. Without tables and
/// without branches on the key: the S-box is computed as inversion in GF(2^8), four octets at a time in one word.
/// </summary>
public static class AesKeySchedule
{
    /// <summary>Words that a key of so many octets expands to: 44 for 16, 60 for 32.</summary>
    /// <exception cref="ArgumentException">The key has neither 16 nor 32 octets.</exception>
    public static int WordCount(int keySize) => keySize switch
    {
        16 => 44,
        32 => 60,
        _ => throw new ArgumentException("A key has 16 or 32 octets.", nameof(keySize)),
    };

    /// <summary>Writes the words w[0], w[1], .. of FIPS 197; the first octet of a word is its most significant.</summary>
    /// <param name="key">16 or 32 octets.</param>
    /// <param name="words">Receives 44 or 60 words; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Expand(ReadOnlySpan<byte> key, Span<uint> words)
    {
        if (words.Length != WordCount(key.Length))
            throw new ArgumentException($"This key expands to {WordCount(key.Length)} words.", nameof(words));
        int keyWords = key.Length / 4;
        for (int i = 0; i < keyWords; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(key[(4 * i)..]);
        uint constant = 1;
        for (int i = keyWords; i < words.Length; i++)
        {
            uint word = words[i - 1];
            if (i % keyWords == 0)
            {
                word = SubWord(BitOperations.RotateLeft(word, 8)) ^ constant << 24;
                constant = Double(constant);
            }
            else if (keyWords > 6 && i % keyWords == 4)
            {
                word = SubWord(word);
            }
            words[i] = words[i - keyWords] ^ word;
        }
    }

    private static uint SubWord(uint word)
    {
        uint inverse = Invert(word);
        return inverse ^ RotateOctetsLeft(inverse, 1) ^ RotateOctetsLeft(inverse, 2)
            ^ RotateOctetsLeft(inverse, 3) ^ RotateOctetsLeft(inverse, 4) ^ 0x63636363;
    }

    // x^254, which is 1/x and takes 0 to 0.
    private static uint Invert(uint x)
    {
        uint x2 = Multiply(x, x);
        uint x3 = Multiply(x2, x);
        uint x12 = Square(Square(x3));
        uint x15 = Multiply(x12, x3);
        uint x240 = Square(Square(Square(Square(x15))));
        return Multiply(Multiply(x240, x12), x2);
    }

    private static uint Square(uint x) => Multiply(x, x);

    /// <summary>Four products in GF(2^8), octet by octet.</summary>
    private static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= left & SpreadLowBits(right >> bit);
            left = Double(left);
        }
        return product;
    }

    /// <summary>Four doublings in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.</summary>
    private static uint Double(uint x) => (x & 0x7f7f7f7f) << 1 ^ (SpreadLowBits(x >> 7) & 0x1b1b1b1b);

    /// <summary>Each octet becomes ff if its lowest bit is set, else 00.</summary>
    private static uint SpreadLowBits(uint x) => (x & 0x01010101) * 0xff;

    private static uint RotateOctetsLeft(uint x, int count)
    {
        uint high = 0x01010101u * (byte)(0xff << count);
        return x << count & high | x >> (8 - count) & ~high;
    }
}
