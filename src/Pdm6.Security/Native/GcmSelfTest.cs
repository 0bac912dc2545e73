using System.Runtime.InteropServices;

namespace Pdm6.Security.Native;

/// <summary>
/// A known-answer test of everything in this folder that computes, run once before the first use. A processor or a
/// compiler that fails it costs speed, not correctness: <see cref="ShortAesGcm"/> then uses the platform's AES-GCM.
/// </summary>
internal static class GcmSelfTest
{
    private static readonly Lazy<bool> s_passed = new(static () => AcceleratedGcm.IsSupported && Run());

    public static bool Passed => s_passed.Value;

    // Key 00 01 02 .., nonce a0 a1 a2 .., associated data 80 81 82 .., plaintext 40 41 42 ..
    private static bool Run() =>
        Check(16, 8, "eac77af83acc754dc231ff4b0a5ffe2f", "14f43661cd9c9c5cb0b39905d84a4e6e")
        && Check(32, 8, "a6593e6e018e44f82a2ccd984b378e91", "b0a836a92e3029dac61ae46bd2c94754")
        && Check(16, 20, "eac77af83acc754dc231ff4b0a5ffe2f03bf715bd7426bf87d492bc01ed0d1f7fac227526b",
            "923ba9011dfc964d04854b4debe84f7b")
        && Check(32, 20, "a6593e6e018e44f82a2ccd984b378e9120fd0b43c6e2143bc4577cdd23f62b5eb217259ccb",
            "3b5e76e04b4907179226362754b73e01");

    private static bool Check(int keySize, int associatedDataSize, string ciphertextHex, string tagHex)
    {
        byte[] expected = Convert.FromHexString(ciphertextHex);
        byte[] expectedTag = Convert.FromHexString(tagHex);
        byte[] associatedData = Count(0x80, associatedDataSize);
        byte[] nonce = Count(0xa0, Nonce.Size);
        byte[] plaintext = Count(0x40, expected.Length);
        byte[] material = new byte[GcmKeyMaterial.Size];
        int rounds = GcmKeyMaterial.Write(Count(0, keySize), material);

        byte[] text = new byte[expected.Length];
        byte[] tag = new byte[AesNi.BlockSize];
        AcceleratedGcm.Seal(material, rounds, nonce, associatedData, plaintext, text, tag);
        if (!text.AsSpan().SequenceEqual(expected) || !tag.AsSpan().SequenceEqual(expectedTag))
            return false;
        if (!AcceleratedGcm.TryOpen(material, rounds, nonce, associatedData, expected, tag, text)
            || !text.AsSpan().SequenceEqual(plaintext))
            return false;
        if (associatedDataSize == AcceleratedGcm.OptionAssociatedDataSize
            && !CheckOptions(material, rounds, nonce, [.. associatedData, .. expected, .. expectedTag], plaintext))
            return false;
        tag[0] ^= 1;
        return !AcceleratedGcm.TryOpen(material, rounds, nonce, associatedData, expected, tag, text);
    }

    /// <summary>Four lanes, the last with a wrong tag, and that one alone.</summary>
    private static bool CheckOptions(byte[] material, int rounds, byte[] nonce, byte[] option, byte[] plaintext)
    {
        byte[] nonces = [.. nonce, .. nonce, .. nonce, .. nonce];
        byte[] options = [.. option, .. option, .. option, .. option];
        options[^1] ^= 1;
        byte[] texts = new byte[4 * AesNi.BlockSize];
        ref byte start = ref MemoryMarshal.GetArrayDataReference(material);
        int authentic = OptionGcm.OpenFour(ref start, ref start, ref start, ref start, rounds, nonces, options, texts);
        if (authentic != 0b0111 || !texts.AsSpan().SequenceEqual((byte[])
                [.. plaintext, .. plaintext, .. plaintext, .. new byte[AesNi.BlockSize]]))
            return false;

        int last = 3 * OptionGcm.OptionSize;
        return OpenOne(ref start, rounds, nonce, option, texts) && texts.AsSpan().StartsWith(plaintext)
            && !OpenOne(ref start, rounds, nonce, options[last..], texts);
    }

    private static bool OpenOne(ref byte material, int rounds, byte[] nonce, byte[] option, byte[] text) =>
        OptionGcm.TryOpen(
            ref material, rounds, ref nonce[0], ref option[0],
            ref option[AcceleratedGcm.OptionAssociatedDataSize], ref option[^AesNi.BlockSize], ref text[0]);

    private static byte[] Count(int first, int size)
    {
        byte[] octets = new byte[size];
        for (int i = 0; i < size; i++)
            octets[i] = (byte)(first + i);
        return octets;
    }
}
