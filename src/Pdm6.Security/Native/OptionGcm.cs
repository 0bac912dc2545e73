using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Pdm6.Security.Native.ClmulGhash;
using Instructions = System.Runtime.Intrinsics.X86.Aes;

namespace Pdm6.Security.Native;

/// <summary>
/// Opens what a protected PDMv2 option holds: 8 octets of associated data, 16 of ciphertext, 16 of tag, one after the
/// other. With both lengths fixed the tag is
/// <code>E(J0) xor A * H^3 xor C * H^2 xor lengths * H</code>
/// of which the last product belongs to the key and the other two share one reduction. Four messages at a time keep the
/// AES unit busy while each waits for its own rounds.
/// </summary>
internal static class OptionGcm
{
    public const int OptionSize = AcceleratedGcm.OptionAssociatedDataSize + 2 * AesNi.BlockSize;

    private const int CiphertextOffset = AcceleratedGcm.OptionAssociatedDataSize;
    private const int TagOffset = CiphertextOffset + AesNi.BlockSize;

    /// <summary>Opens one; without its tag the plaintext becomes zeros.</summary>
    public static bool TryOpen(
        ref byte material, int rounds, ref byte nonce, ref byte associatedData, ref byte ciphertext, ref byte tag,
        ref byte plaintext)
    {
        Vector128<byte> mask = AcceleratedGcm.CounterBlock(ref nonce, 1);
        Vector128<byte> keystream = AcceleratedGcm.CounterBlock(ref nonce, 2);
        AesNi.Encrypt(ref mask, ref keystream, ref material, rounds);
        Vector128<byte> text = Vector128.LoadUnsafe(ref ciphertext);
        return Finish(
            mask ^ Hash(ref material, ref associatedData, text), keystream ^ text, ref tag, ref plaintext) != 0;
    }

    /// <summary>
    /// Opens four, each under its own key of one size. Bit i of the result tells that message i is authentic; the
    /// plaintexts of the others become zeros.
    /// </summary>
    /// <param name="material0">Key material of message 0, and so on.</param>
    /// <param name="material1"></param>
    /// <param name="material2"></param>
    /// <param name="material3"></param>
    /// <param name="rounds">Rounds of all four keys.</param>
    /// <param name="nonces">4 x 12 octets.</param>
    /// <param name="options">4 x 40 octets.</param>
    /// <param name="plaintexts">4 x 16 octets.</param>
    public static int OpenFour(
        ref byte material0, ref byte material1, ref byte material2, ref byte material3, int rounds,
        ReadOnlySpan<byte> nonces, ReadOnlySpan<byte> options, Span<byte> plaintexts)
    {
        ref byte nonce = ref MemoryMarshal.GetReference(nonces);
        Vector128<byte> key0 = Vector128.LoadUnsafe(ref material0), key1 = Vector128.LoadUnsafe(ref material1);
        Vector128<byte> key2 = Vector128.LoadUnsafe(ref material2), key3 = Vector128.LoadUnsafe(ref material3);
        Vector128<byte> mask0 = CounterBlock(ref nonce, 0, 1) ^ key0, text0 = CounterBlock(ref nonce, 0, 2) ^ key0;
        Vector128<byte> mask1 = CounterBlock(ref nonce, 1, 1) ^ key1, text1 = CounterBlock(ref nonce, 1, 2) ^ key1;
        Vector128<byte> mask2 = CounterBlock(ref nonce, 2, 1) ^ key2, text2 = CounterBlock(ref nonce, 2, 2) ^ key2;
        Vector128<byte> mask3 = CounterBlock(ref nonce, 3, 1) ^ key3, text3 = CounterBlock(ref nonce, 3, 2) ^ key3;
        for (int round = 1; round < rounds; round++)
        {
            key0 = AesNi.RoundKey(ref material0, round);
            key1 = AesNi.RoundKey(ref material1, round);
            key2 = AesNi.RoundKey(ref material2, round);
            key3 = AesNi.RoundKey(ref material3, round);
            mask0 = Instructions.Encrypt(mask0, key0);
            mask1 = Instructions.Encrypt(mask1, key1);
            mask2 = Instructions.Encrypt(mask2, key2);
            mask3 = Instructions.Encrypt(mask3, key3);
            text0 = Instructions.Encrypt(text0, key0);
            text1 = Instructions.Encrypt(text1, key1);
            text2 = Instructions.Encrypt(text2, key2);
            text3 = Instructions.Encrypt(text3, key3);
        }
        key0 = AesNi.RoundKey(ref material0, rounds);
        key1 = AesNi.RoundKey(ref material1, rounds);
        key2 = AesNi.RoundKey(ref material2, rounds);
        key3 = AesNi.RoundKey(ref material3, rounds);

        ref byte option = ref MemoryMarshal.GetReference(options);
        ref byte plaintext = ref MemoryMarshal.GetReference(plaintexts);
        return FinishLane(0, ref material0, mask0, text0, key0, ref option, ref plaintext)
            | FinishLane(1, ref material1, mask1, text1, key1, ref option, ref plaintext) << 1
            | FinishLane(2, ref material2, mask2, text2, key2, ref option, ref plaintext) << 2
            | FinishLane(3, ref material3, mask3, text3, key3, ref option, ref plaintext) << 3;
    }

    /// <summary>Writes what sealing one option needs besides its metrics: 16 octets of keystream, and 16 of the tag
    /// without the ciphertext's part.</summary>
    /// <param name="material">Of the key.</param>
    /// <param name="rounds">Of the key.</param>
    /// <param name="nonce">12 octets.</param>
    /// <param name="associatedData">A block of it, the first octet highest; behind it zeros.</param>
    /// <param name="lengths">The lengths block times H.</param>
    /// <param name="prepared">Receives 32 octets.</param>
    public static void Prepare(
        ref byte material, int rounds, ref byte nonce, UInt128 associatedData, Vector128<ulong> lengths, ref byte prepared)
    {
        Vector128<byte> mask = AcceleratedGcm.CounterBlock(ref nonce, 1);
        Vector128<byte> keystream = AcceleratedGcm.CounterBlock(ref nonce, 2);
        AesNi.Encrypt(ref mask, ref keystream, ref material, rounds);
        Vector128<ulong> hash = Multiply(
            Vector128.Create((ulong)associatedData, (ulong)(associatedData >> 64)),
            Vector128.LoadUnsafe(ref material, GcmKeyMaterial.H3).AsUInt64());
        hash ^= lengths;
        keystream.StoreUnsafe(ref prepared);
        (mask ^ Reverse(hash.AsByte())).StoreUnsafe(ref prepared, AesNi.BlockSize);
    }

    /// <summary>The lengths block times H of options with so many octets of associated data.</summary>
    public static Vector128<ulong> Lengths(ref byte material, int associatedDataSize) => Multiply(
        GcmKeyMaterial.LengthsBlock(associatedDataSize, AesNi.BlockSize), Vector128.LoadUnsafe(ref material, GcmKeyMaterial.H).AsUInt64());

    /// <summary>Writes the products of each value of each half octet with H squared: 32 x 16 blocks.</summary>
    /// <param name="material">Of the key.</param>
    /// <param name="products">Receives 32 x 16 x 16 octets.</param>
    public static void WriteProducts(ref byte material, Span<byte> products)
    {
        Vector128<ulong> h2 = Vector128.LoadUnsafe(ref material, GcmKeyMaterial.H2).AsUInt64();
        for (int place = 0; place < 2 * AesNi.BlockSize; place++)
        {
            for (int value = 0; value < 16; value++, products = products[AesNi.BlockSize..])
            {
                Vector128<byte> block = Vector128<byte>.Zero.WithElement(place / 2, (byte)(value << place % 2 * 4));
                Reverse(Multiply(Reverse(block).AsUInt64(), h2).AsByte()).CopyTo(products);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> CounterBlock(ref byte nonces, int lane, uint counter) =>
        AcceleratedGcm.CounterBlock(ref Unsafe.Add(ref nonces, lane * Nonce.Size), counter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FinishLane(
        int lane, ref byte material, Vector128<byte> mask, Vector128<byte> keystream, Vector128<byte> lastKey,
        ref byte options, ref byte plaintexts)
    {
        ref byte option = ref Unsafe.Add(ref options, lane * OptionSize);
        Vector128<byte> text = Vector128.LoadUnsafe(ref option, CiphertextOffset);
        return Finish(
            Instructions.EncryptLast(mask, lastKey) ^ Hash(ref material, ref option, text),
            Instructions.EncryptLast(keystream, lastKey) ^ text,
            ref Unsafe.Add(ref option, TagOffset),
            ref Unsafe.Add(ref plaintexts, lane * AesNi.BlockSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Hash(ref byte material, ref byte associatedData, Vector128<byte> ciphertext)
    {
        Vector128<byte> data = Vector128.Create(Unsafe.ReadUnaligned<ulong>(ref associatedData), 0).AsByte();
        Product product = MultiplyHalf(
            Reverse(data).AsUInt64(), Vector128.LoadUnsafe(ref material, GcmKeyMaterial.H3).AsUInt64());
        Accumulate(
            ref product, Reverse(ciphertext).AsUInt64(),
            Vector128.LoadUnsafe(ref material, GcmKeyMaterial.H2).AsUInt64());
        Vector128<ulong> lengths = Vector128.LoadUnsafe(ref material, GcmKeyMaterial.OptionLengths).AsUInt64();
        return Reverse((Reduce(product) ^ lengths).AsByte());
    }

    /// <summary>Compares all 128 bits of the tag at once and writes the plaintext under a mask: no branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(Vector128<byte> expected, Vector128<byte> text, ref byte tag, ref byte plaintext)
    {
        bool authentic = expected == Vector128.LoadUnsafe(ref tag);
        int bit = Unsafe.BitCast<bool, byte>(authentic);
        (text & Vector128.Create((byte)-bit)).StoreUnsafe(ref plaintext);
        return bit;
    }
}
