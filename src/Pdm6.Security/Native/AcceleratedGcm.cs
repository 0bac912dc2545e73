using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Pdm6.Security.Native.ClmulGhash;

namespace Pdm6.Security.Native;

/// <summary>
/// AES-GCM with 12-octet nonces and 16-octet tags (NIST SP 800-38D) on AES-NI and PCLMULQDQ, for messages of any
/// length. Lengths of spans are the caller's duty; nothing here depends on a secret but the data itself.
/// For the option's shape (8 octets of associated data, 16 of text) see <see cref="OptionGcm"/>.
/// </summary>
internal static class AcceleratedGcm
{
    public const int OptionAssociatedDataSize = 8;

    // The counter is the last four octets, big-endian: 1 makes the tag's mask, the text begins with 2.
    private const uint TagCounter = 1;
    private const uint FirstTextCounter = 2;

    public static bool IsSupported => AesNi.IsSupported && ClmulGhash.IsSupported;

    public static void Seal(
        ReadOnlySpan<byte> material, int rounds, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        ApplyKeystream(material, rounds, nonce, plaintext, ciphertext);
        Tag(material, rounds, nonce, associatedData, ciphertext).CopyTo(tag);
    }

    /// <summary>Checks the tag first; without it the plaintext becomes zeros.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> material, int rounds, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
    {
        // One comparison of all 128 bits: no octet is looked at earlier than another.
        if (Tag(material, rounds, nonce, associatedData, ciphertext) != Vector128.Create(tag))
        {
            plaintext.Clear();
            return false;
        }
        ApplyKeystream(material, rounds, nonce, ciphertext, plaintext);
        return true;
    }

    /// <summary>The counter block of a nonce.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CounterBlock(ref byte nonce, uint counter)
    {
        ulong front = Unsafe.ReadUnaligned<ulong>(ref nonce);
        uint back = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref nonce, 8));
        return Vector128.Create(front, back | (ulong)BinaryPrimitives.ReverseEndianness(counter) << 32).AsByte();
    }

    private static Vector128<byte> Tag(
        ReadOnlySpan<byte> material, int rounds, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext)
    {
        Vector128<ulong> h = Vector128.Create(material[GcmKeyMaterial.H..]).AsUInt64();
        Vector128<ulong> hash = Absorb(Vector128<ulong>.Zero, h, associatedData);
        hash = Absorb(hash, h, ciphertext);
        hash = Multiply(hash ^ GcmKeyMaterial.LengthsBlock(associatedData.Length, ciphertext.Length), h);
        Vector128<byte> mask = AesNi.Encrypt(
            CounterBlock(ref MemoryMarshal.GetReference(nonce), TagCounter),
            ref MemoryMarshal.GetReference(material), rounds);
        return Reverse(hash.AsByte()) ^ mask;
    }

    private static Vector128<ulong> Absorb(Vector128<ulong> hash, Vector128<ulong> h, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= AesNi.BlockSize; data = data[AesNi.BlockSize..])
            hash = Multiply(hash ^ Reverse(Vector128.Create(data)).AsUInt64(), h);
        if (data.IsEmpty)
            return hash;
        Span<byte> padded = stackalloc byte[AesNi.BlockSize];
        padded.Clear();
        data.CopyTo(padded);
        return Multiply(hash ^ Reverse(Vector128.Create((ReadOnlySpan<byte>)padded)).AsUInt64(), h);
    }

    private static void ApplyKeystream(
        ReadOnlySpan<byte> material, int rounds, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, Span<byte> output)
    {
        ref byte schedule = ref MemoryMarshal.GetReference(material);
        ref byte nonceStart = ref MemoryMarshal.GetReference(nonce);
        uint counter = FirstTextCounter;
        for (; input.Length >= AesNi.BlockSize; input = input[AesNi.BlockSize..], output = output[AesNi.BlockSize..])
        {
            Vector128<byte> keystream = AesNi.Encrypt(CounterBlock(ref nonceStart, counter++), ref schedule, rounds);
            (Vector128.Create(input) ^ keystream).CopyTo(output);
        }
        if (input.IsEmpty)
            return;
        Span<byte> rest = stackalloc byte[AesNi.BlockSize];
        AesNi.Encrypt(CounterBlock(ref nonceStart, counter), ref schedule, rounds).CopyTo(rest);
        for (int i = 0; i < input.Length; i++)
            output[i] = (byte)(input[i] ^ rest[i]);
    }
}
