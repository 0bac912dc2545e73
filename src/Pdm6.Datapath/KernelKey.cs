using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pdm6.Datapath.Abi;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Turns AES-256-GCM key material into the form that the kernel programs compute with (struct pdm6_key), so that no
/// packet pays for it. What the bits mean is told in bpf/pdm6_aes.h and bpf/pdm6_ghash.h. No branch and no address
/// depends on the key.
/// </summary>
public static class KernelKey
{
    private const int Rounds = 14, Rows = 4, Columns = 4, BitsOfOctet = 8;
    private const int ScheduleWords = Columns * (Rounds + 1);
    private const int ElementSize = 16, BaseNonceSize = Aead.NonceSize;

    // What SubBytes adds; the kernel's has no constant.
    private const uint SubBytesConstant = 0x63;

    // The lengths blocks of both kinds of option in bits: 8 or 10 octets of associated data, 16 of ciphertext. And that of
    // a udp-frame: 16 and 20.
    private static readonly UInt128 s_optionLengths = new(8 * 8, 8 * 16);
    private static readonly UInt128 s_frameLengths = new(8 * UdpFrame.HeaderSize, 8 * (Tlv.HeaderSize + PdmMetrics.Size));
    private static readonly UInt128 s_udpOptionLengths = new(8 * UdpOption.AssociatedDataSize, 8 * 16);

    // x^128 = x^7 + x^2 + x + 1; the most significant bit stands for x^0.
    private static readonly UInt128 s_fieldPolynomial = new(0xe1UL << 56, 0);

    /// <summary>Writes packed key material. The caller zeroes what it passed and what it got.</summary>
    /// <param name="schedule">The 60 words of the AES-256 key schedule (FIPS 197 section 5.2); the first octet of a word
    /// is its most significant.</param>
    /// <param name="h">H = AES_K(0), 16 octets.</param>
    /// <param name="baseNonce">12 octets.</param>
    /// <param name="packed">Receives <see cref="KernelDatapath.PackedKeySize"/> octets.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Pack(ReadOnlySpan<uint> schedule, ReadOnlySpan<byte> h, ReadOnlySpan<byte> baseNonce, Span<byte> packed) =>
        Pack(schedule, h, baseNonce, s_optionLengths, packed);

    /// <summary>The same for a key of udp-frames, which makes its nonces without a base nonce.</summary>
    public static void PackForFrames(ReadOnlySpan<uint> schedule, ReadOnlySpan<byte> h, Span<byte> packed) =>
        Pack(schedule, h, stackalloc byte[BaseNonceSize], s_frameLengths, packed);

    /// <summary>The same for messages with another lengths block, which test vectors have.</summary>
    internal static unsafe void Pack(
        ReadOnlySpan<uint> schedule, ReadOnlySpan<byte> h, ReadOnlySpan<byte> baseNonce, UInt128 lengths, Span<byte> packed)
    {
        RequireLength(schedule.Length, ScheduleWords, nameof(schedule));
        RequireLength(h.Length, ElementSize, nameof(h));
        RequireLength(baseNonce.Length, BaseNonceSize, nameof(baseNonce));
        RequireLength(packed.Length, sizeof(AbiKey), nameof(packed));
        ref AbiKey key = ref MemoryMarshal.AsRef<AbiKey>(packed);
        key = default;
        fixed (uint* roundKeys = key.RoundKeys)
        fixed (ulong* ghash = key.Ghash, lengthMask = key.LengthMask, udpOptionLengthMask = key.UdpOptionLengthMask)
        fixed (byte* nonce = key.BaseNonce)
        {
            SliceRoundKeys(schedule, new Span<uint>(roundKeys, BitsOfOctet * (Rounds + 1)));
            PackHashKey(h, new Span<ulong>(ghash, 40));
            PackLengths(h, lengths, new Span<byte>(lengthMask, ElementSize));
            PackLengths(h, s_udpOptionLengths, new Span<byte>(udpOptionLengthMask, ElementSize));
            baseNonce.CopyTo(new Span<byte>(nonce, BaseNonceSize));
        }
    }

    /// <summary>Word p of a round key takes bit p of every octet, at the place that the octet has in that round.</summary>
    private static void SliceRoundKeys(ReadOnlySpan<uint> schedule, Span<uint> roundKeys)
    {
        for (int round = 0; round <= Rounds; round++)
        {
            Span<uint> roundKey = roundKeys.Slice(BitsOfOctet * round, BitsOfOctet);
            for (int column = 0; column < Columns; column++)
            {
                for (int row = 0; row < Rows; row++)
                {
                    uint octet = schedule[Columns * round + column] >> (24 - 8 * row) & 0xff;
                    int place = 8 * row + (column + round * row) % Columns;
                    for (int p = 0; p < BitsOfOctet; p++)
                    {
                        uint added = round == 0 ? 0 : SubBytesConstant;
                        uint bit = (octet ^ added) >> p & 1;
                        roundKey[p] |= bit << place | bit << (place + 4);
                    }
                }
            }
        }
        // The counters: the last octet (row 3, column 3) is 1 in the first block and 2 in the second.
        roundKeys[0] ^= 1u << 27;
        roundKeys[1] ^= 1u << 31;
    }

    private static void PackLengths(ReadOnlySpan<byte> h, UInt128 lengths, Span<byte> mask) =>
        BinaryPrimitives.WriteUInt128BigEndian(mask, Multiply(lengths, BinaryPrimitives.ReadUInt128BigEndian(h)));

    private static void PackHashKey(ReadOnlySpan<byte> h, Span<ulong> ghash)
    {
        Span<UInt128> powers = stackalloc UInt128[3];
        Span<ulong> factors = stackalloc ulong[5];
        try
        {
            powers[0] = BinaryPrimitives.ReadUInt128BigEndian(h);
            powers[1] = Multiply(powers[0], powers[0]);
            powers[2] = Multiply(powers[1], powers[0]);
            (factors[0], factors[1]) = ((ulong)(powers[1] >> 64), (ulong)powers[1]);
            factors[2] = factors[0] ^ factors[1];
            (factors[3], factors[4]) = ((ulong)(powers[2] >> 64), (ulong)powers[2]);
            for (int i = 0; i < factors.Length; i++)
            {
                Spread(ReverseBits(factors[i]), ghash.Slice(4 * i, 4));
                Spread(factors[i], ghash.Slice(4 * (factors.Length + i), 4));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(powers));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(factors));
        }
    }

    /// <summary>Bits 0, 4, 8, .. to the first piece, bits 1, 5, 9, .. to the second, and so on.</summary>
    private static void Spread(ulong word, Span<ulong> pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
            pieces[i] = word & 0x1111111111111111UL << i;
    }

    private static ulong ReverseBits(ulong word)
    {
        word = word >> 1 & 0x5555555555555555 | (word & 0x5555555555555555) << 1;
        word = word >> 2 & 0x3333333333333333 | (word & 0x3333333333333333) << 2;
        word = word >> 4 & 0x0f0f0f0f0f0f0f0f | (word & 0x0f0f0f0f0f0f0f0f) << 4;
        return BinaryPrimitives.ReverseEndianness(word);
    }

    /// <summary>The product of two field elements (NIST SP 800-38D algorithm 1).</summary>
    private static UInt128 Multiply(UInt128 left, UInt128 right)
    {
        UInt128 product = 0;
        for (int i = 127; i >= 0; i--)
        {
            product ^= right & AllOnesIfOdd(left >> i);
            right = right >> 1 ^ (s_fieldPolynomial & AllOnesIfOdd(right));
        }
        return product;
    }

    private static UInt128 AllOnesIfOdd(UInt128 value) => UInt128.Zero - (value & UInt128.One);

    private static void RequireLength(int length, int wanted, string name)
    {
        if (length != wanted)
            throw new ArgumentException($"Length {wanted} is needed, not {length}.", name);
    }
}
