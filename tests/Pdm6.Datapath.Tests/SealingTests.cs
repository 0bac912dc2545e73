using System.Security.Cryptography;
using Pdm6.Security;

namespace Pdm6.Datapath.Tests;

/// <summary>The sealing code of the kernel programs against the platform's AesGcm and against its own parts' theory.</summary>
public class SealingTests
{
    private const int RandomCases = 100_000;

    private static readonly byte[] s_noTag = new byte[16];

    [KernelFact]
    public void SealAndVerify_100000RandomCases_EqualsAesGcm()
    {
        using SealingPrograms programs = new();
        Random random = new(20);
        for (int done = 0; done < RandomCases; done += SealingPrograms.CasesPerPacket)
        {
            byte[] key = Octets(random, 32);
            byte[] packedKey = SealingPrograms.Pack(key);
            SealingCase[] plain = [.. Enumerable.Range(0, SealingPrograms.CasesPerPacket)
                .Select(_ => new SealingCase(Octets(random, 12), Octets(random, 8), Octets(random, 16), s_noTag))];
            SealingResult[] wanted = [.. plain.Select(message => Platform(key, message))];
            // Every other tag is given with a bit turned over.
            SealingCase[] received = [.. plain.Select((message, i) => message with
            {
                Block = wanted[i].Block,
                GivenTag = i % 2 == 0 ? wanted[i].Tag : WithBitTurned(wanted[i].Tag, random.Next(128)),
            })];

            SealingResult[] made = programs.Seal(packedKey, plain);
            SealingResult[] judged = programs.Verify(packedKey, received);

            for (int i = 0; i < plain.Length; i++)
            {
                Assert.Equal(wanted[i].Block, made[i].Block);
                Assert.Equal(wanted[i].Tag, made[i].Tag);
                Assert.Equal(wanted[i].Block, judged[i].Block);
                Assert.Equal(wanted[i].Tag, judged[i].Tag);
                Assert.Equal(i % 2 == 0, judged[i].Accepted);
            }
        }
    }

    [KernelFact]
    public void Verify_EachBitOfTheTagTurned_IsRefused()
    {
        using SealingPrograms programs = new();
        Random random = new(128);
        byte[] key = Octets(random, 32);
        byte[] packedKey = SealingPrograms.Pack(key);
        SealingCase plain = new(Octets(random, 12), Octets(random, 8), Octets(random, 16), s_noTag);
        SealingResult wanted = Platform(key, plain);

        SealingCase Received(byte[] tag) => plain with { Block = wanted.Block, GivenTag = tag };

        Assert.True(programs.Verify(packedKey, Received(wanted.Tag)).Accepted);
        for (int bit = 0; bit < 128; bit++)
            Assert.False(programs.Verify(packedKey, Received(WithBitTurned(wanted.Tag, bit))).Accepted, $"bit {bit}");
    }

    // FIPS 197 appendix C.3. The last word of the block is the counter, 1 or 2, which belongs to the key for the kernel:
    // the first round key is changed so that the counter meets the appendix's last word. H = 0 hashes everything to 0
    // and leaves the first block bare in the tag; a plaintext of 0 leaves the second bare in the ciphertext.
    [KernelFact]
    public void Seal_Fips197AppendixC3_EncryptsItsBlockTwice()
    {
        using SealingPrograms programs = new();
        byte[] key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        byte[] nonce = Convert.FromHexString("00112233445566778899aabb");
        const uint lastWord = 0xccddeeff;
        byte[] wanted = Convert.FromHexString("8ea2b7ca516745bfeafc49904b496089");
        SealingCase zeros = new(nonce, new byte[8], new byte[16], s_noTag);

        Assert.Equal(wanted, programs.Seal(WithCounterReplaced(1), zeros).Tag);
        Assert.Equal(wanted, programs.Seal(WithCounterReplaced(2), zeros).Block);

        byte[] WithCounterReplaced(uint counter)
        {
            uint[] schedule = SealingPrograms.Schedule(key);
            schedule[3] ^= counter ^ lastWord;
            byte[] packed = new byte[KernelDatapath.PackedKeySize];
            KernelKey.Pack(schedule, new byte[16], new byte[12], packed);
            return packed;
        }
    }

    // Operands at which the most carries meet in the integer multiplications, and the field's corners.
    [KernelTheory]
    [InlineData("ffffffffffffffffffffffffffffffff")] // every coefficient
    [InlineData("80000000000000000000000000000000")] // 1
    [InlineData("00000000000000000000000000000001")] // x^127
    [InlineData("00000000000000008000000000000000")] // x^64
    [InlineData("00000000000000010000000000000000")] // x^63
    [InlineData("88888888888888888888888888888888")] // one piece in four
    [InlineData("66e94bd4ef8a2c3b884cfa59ca342b2e")] // AES_0(0)
    public void Verify_CornersOfTheField_HashesLikeTheTextbook(string square)
    {
        using SealingPrograms programs = new();
        Random random = new(38);
        byte[] key = Octets(random, 32);
        byte[] nonce = Octets(random, 12);
        byte[] h = SquareRoot(Convert.FromHexString(square));
        byte[] packed = new byte[KernelDatapath.PackedKeySize];
        KernelKey.Pack(SealingPrograms.Schedule(key), h, new byte[12], packed);
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        byte[] mask = aes.EncryptEcb([.. nonce, 0, 0, 0, 1], PaddingMode.None);
        byte[][] associatedData = [Filled(8, 0xff), Filled(8, 0), Filled(8, 0x11), Octets(random, 8)];
        byte[][] ciphertexts = [Filled(16, 0xff), Filled(16, 0), Filled(16, 0x11), Octets(random, 16)];

        foreach (byte[] data in associatedData)
            foreach (byte[] ciphertext in ciphertexts)
                Assert.Equal(
                    Xor(mask, Hash(h, data, ciphertext)),
                    programs.Verify(packed, new SealingCase(nonce, data, ciphertext, s_noTag)).Tag);
    }

    /// <summary>NIST SP 800-38D section 6.4 with nothing precomputed.</summary>
    private static byte[] Hash(byte[] h, byte[] associatedData, byte[] ciphertext)
    {
        byte[] lengths = [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 128];
        byte[] sum = new byte[16];
        foreach (byte[] block in new[] { [.. associatedData, .. new byte[8]], ciphertext, lengths })
        {
            sum = Xor(sum, block);
            GhashKey.Multiply(sum, h, sum);
        }
        return sum;
    }

    // The square of x^(2^127) is x^(2^128) = x.
    private static byte[] SquareRoot(byte[] element)
    {
        byte[] root = [.. element];
        for (int i = 0; i < 127; i++)
            GhashKey.Multiply(root, root, root);
        return root;
    }

    private static SealingResult Platform(byte[] key, SealingCase message)
    {
        using AesGcm gcm = new(key, tagSizeInBytes: 16);
        byte[] ciphertext = new byte[16], tag = new byte[16];
        gcm.Encrypt(message.Nonce, message.Block, ciphertext, tag, message.AssociatedData);
        return new SealingResult(ciphertext, tag, Accepted: true);
    }

    private static byte[] WithBitTurned(byte[] octets, int bit)
    {
        byte[] turned = [.. octets];
        turned[bit / 8] ^= (byte)(1 << bit % 8);
        return turned;
    }

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Zip(right, (a, b) => (byte)(a ^ b))];

    private static byte[] Filled(int length, byte value) => [.. Enumerable.Repeat(value, length)];

    private static byte[] Octets(Random random, int length)
    {
        byte[] octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }
}
