using System.Buffers.Binary;

namespace Pdm6.Security.Tests;

/// <summary>
/// The cipher of FIPS 197 section 5.1 straight from its text, driven by given key schedule words. Its S-box is found by
/// search for inverses, so that it shares nothing with the code under test.
/// </summary>
internal static class TextbookAes
{
    private static readonly byte[] s_box = MakeBox();

    public static byte[] Encrypt(uint[] words, byte[] block)
    {
        byte[] state = [.. block];
        int rounds = words.Length / 4 - 1;
        AddRoundKey(state, words, 0);
        for (int round = 1; round <= rounds; round++)
        {
            state = SubBytesAndShiftRows(state);
            if (round < rounds)
                MixColumns(state);
            AddRoundKey(state, words, round);
        }
        return state;
    }

    private static byte[] SubBytesAndShiftRows(byte[] state)
    {
        byte[] next = new byte[16];
        for (int column = 0; column < 4; column++)
            for (int row = 0; row < 4; row++)
                next[4 * column + row] = s_box[state[4 * ((column + row) % 4) + row]];
        return next;
    }

    private static void MixColumns(byte[] state)
    {
        for (int column = 0; column < 4; column++)
        {
            byte[] old = state[(4 * column)..(4 * column + 4)];
            for (int row = 0; row < 4; row++)
                state[4 * column + row] = (byte)(Multiply(2, old[row]) ^ Multiply(3, old[(row + 1) % 4])
                    ^ old[(row + 2) % 4] ^ old[(row + 3) % 4]);
        }
    }

    private static void AddRoundKey(byte[] state, uint[] words, int round)
    {
        byte[] key = new byte[4];
        for (int column = 0; column < 4; column++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(key, words[4 * round + column]);
            for (int row = 0; row < 4; row++)
                state[4 * column + row] ^= key[row];
        }
    }

    private static byte Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1, a = a << 1 ^ (a >= 0x80 ? 0x11b : 0))
            if ((b & 1) != 0)
                product ^= a;
        return (byte)product;
    }

    private static byte[] MakeBox()
    {
        byte[] box = new byte[256];
        for (int x = 0; x < 256; x++)
        {
            int inverse = Enumerable.Range(0, 256).FirstOrDefault(y => Multiply(x, y) == 1);
            int result = 0x63;
            for (int bit = 0; bit < 8; bit++)
                foreach (int tap in new[] { 0, 4, 5, 6, 7 })
                    result ^= (inverse >> (bit + tap) % 8 & 1) << bit;
            box[x] = (byte)result;
        }
        return box;
    }
}
