using System.Buffers.Binary;
using System.Security.Cryptography;
using Pdm6.Security.Native;

namespace Pdm6.Security.Tests;

public sealed class KernelKeyMaterialTests
{
    // FIPS 197 appendices A.1 and A.3: the first words after the key, and the last of all.
    [Theory]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", 4, 0xa0fafe17u)]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", 36, 0xac7766f3u)]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", 40, 0xd014f9a8u)]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", 43, 0xb6630ca6u)]
    [InlineData("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 8, 0x9ba35411u)]
    [InlineData("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 12, 0xa8b09c1au)]
    [InlineData("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 59, 0x706c631eu)]
    public void Expand_Fips197Appendix_GivesItsWord(string key, int index, uint word)
    {
        byte[] octets = Convert.FromHexString(key);
        uint[] words = new uint[AesKeySchedule.WordCount(octets.Length)];
        AesKeySchedule.Expand(octets, words);
        Assert.Equal(word, words[index]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Expand_RandomKeys_EncryptsLikeThePlatform(int keySize)
    {
        Random random = new(197 + keySize);
        byte[] key = new byte[keySize];
        byte[] block = new byte[16];
        uint[] words = new uint[AesKeySchedule.WordCount(keySize)];
        for (int i = 0; i < 100; i++)
        {
            random.NextBytes(key);
            random.NextBytes(block);
            AesKeySchedule.Expand(key, words);
            using System.Security.Cryptography.Aes aes = System.Security.Cryptography.Aes.Create();
            aes.SetKey(key);
            Assert.Equal(aes.EncryptEcb(block, PaddingMode.None), TextbookAes.Encrypt(words, block));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Expand_RandomKeys_EqualsTheInstructions(int keySize)
    {
        if (!AesNi.IsSupported)
            return; // The instructions are what is compared; the arithmetic has the tests above.
        Random random = new(1970 + keySize);
        byte[] key = new byte[keySize];
        uint[] words = new uint[AesKeySchedule.WordCount(keySize)];
        byte[] schedule = new byte[AesNi.LongestScheduleSize];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(key);
            AesKeySchedule.Expand(key, words);
            Assert.Equal(words.Length / 4 - 1, AesNi.Expand(key, ref schedule[0]));
            for (int w = 0; w < words.Length; w++)
                Assert.Equal(words[w], BinaryPrimitives.ReadUInt32BigEndian(schedule.AsSpan(4 * w)));
        }
    }

    [Fact]
    public void Expand_WrongSizes_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentException>(() => AesKeySchedule.Expand(new byte[24], new uint[52]));
        Assert.Throws<ArgumentException>(() => AesKeySchedule.Expand(new byte[32], new uint[44]));
    }

    // The GCM specification (McGrew and Viega), test case 2: key 0.
    [Fact]
    public void Powers_KeyZero_BeginsWithTheSpecificationsH()
    {
        byte[] powers = new byte[16];
        GhashKey.Powers(new byte[16], powers);
        Assert.Equal("66e94bd4ef8a2c3b884cfa59ca342b2e", Convert.ToHexStringLower(powers));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Powers_RandomKeys_MakeTheTagOfAnOption(int keySize)
    {
        Random random = new(38 + keySize);
        for (int i = 0; i < 200; i++)
        {
            Message message = Message.NewOption(random, keySize);
            byte[] powers = new byte[48];
            GhashKey.Powers(message.Key, powers);

            byte[] associatedData = [.. message.AssociatedData, .. new byte[8]];
            byte[] lengths = [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 128];
            UInt128 hash = Product(associatedData, powers[32..]) ^ Product(message.Ciphertext, powers[16..32])
                ^ Product(lengths, powers[..16]);
            using System.Security.Cryptography.Aes aes = System.Security.Cryptography.Aes.Create();
            aes.SetKey(message.Key);
            byte[] mask = aes.EncryptEcb([.. message.Nonce, 0, 0, 0, 1], PaddingMode.None);
            Assert.Equal(
                BinaryPrimitives.ReadUInt128BigEndian(message.Tag),
                hash ^ BinaryPrimitives.ReadUInt128BigEndian(mask));
        }
    }

    [Fact]
    public void Powers_WrongSizes_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentException>(() => GhashKey.Powers(new byte[24], new byte[16]));
        Assert.Throws<ArgumentException>(() => GhashKey.Powers(new byte[16], new byte[20]));
        Assert.Throws<ArgumentException>(() => GhashKey.Powers(new byte[16], []));
    }

    private static UInt128 Product(byte[] left, byte[] right)
    {
        byte[] product = new byte[16];
        GhashKey.Multiply(left, right, product);
        return BinaryPrimitives.ReadUInt128BigEndian(product);
    }
}
