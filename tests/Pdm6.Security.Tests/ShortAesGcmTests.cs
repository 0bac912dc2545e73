using System.Runtime.CompilerServices;
using Pdm6.Security.Native;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

public sealed class ShortAesGcmTests
{
    private const int AssociatedDataSize = Pdmv2OptionView.AssociatedDataSize;

    public static TheoryData<int, bool> Modes => AccelerationModes.WithKeySizes();

    [Fact]
    public void IsAccelerated_ProcessorHasTheInstructions_IsTrue() =>
        Assert.Equal(AesNi.IsSupported && ClmulGhash.IsSupported, ShortAesGcm.IsAccelerated);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Seal_RandomLengths_EqualsAesGcm(int keySize, bool accelerated)
    {
        Random random = new(20250101 + keySize);
        for (int i = 0; i < 3000; i++)
        {
            Message message = Message.NewRandom(random, keySize, random.Next(70), random.Next(70));
            byte[] ciphertext = new byte[message.Plaintext.Length];
            byte[] tag = new byte[ShortAesGcm.TagSize];
            using ShortAesGcm gcm = ShortAesGcm.Create(message.Key, accelerated);
            gcm.Seal(message.Nonce, message.AssociatedData, message.Plaintext, ciphertext, tag);
            Assert.Equal(message.Ciphertext, ciphertext);
            Assert.Equal(message.Tag, tag);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TryOpen_RandomLengths_GivesThePlaintext(int keySize, bool accelerated)
    {
        Random random = new(20250202 + keySize);
        for (int i = 0; i < 3000; i++)
        {
            // Every other message has the option's shape, which takes another way through the code.
            Message message = i % 2 == 0
                ? Message.NewOption(random, keySize)
                : Message.NewRandom(random, keySize, random.Next(70), random.Next(70));
            byte[] plaintext = new byte[message.Plaintext.Length];
            using ShortAesGcm gcm = ShortAesGcm.Create(message.Key, accelerated);
            Assert.True(gcm.TryOpen(
                message.Nonce, message.AssociatedData, message.Ciphertext, message.Tag, plaintext));
            Assert.Equal(message.Plaintext, plaintext);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TryOpen_AnyBitFlipped_IsRefusedAndLeavesZeros(int keySize, bool accelerated)
    {
        Random random = new(20250303 + keySize);
        foreach ((int associatedDataSize, int textSize) in
                 new[] { (AssociatedDataSize, PdmMetrics.Size), (0, 5), (21, 33) })
        {
            Message message = Message.NewRandom(random, keySize, associatedDataSize, textSize);
            using ShortAesGcm gcm = ShortAesGcm.Create(message.Key, accelerated);
            byte[] zeros = new byte[textSize];
            byte[] plaintext = new byte[textSize];
            foreach (byte[] part in
                     new[] { message.Nonce, message.AssociatedData, message.Ciphertext, message.Tag })
            {
                for (int bit = 0; bit < part.Length * 8; bit++)
                {
                    part[bit / 8] ^= (byte)(1 << bit % 8);
                    random.NextBytes(plaintext);
                    Assert.False(gcm.TryOpen(
                        message.Nonce, message.AssociatedData, message.Ciphertext, message.Tag, plaintext));
                    Assert.Equal(zeros, plaintext);
                    part[bit / 8] ^= (byte)(1 << bit % 8);
                }
            }
            Assert.True(gcm.TryOpen(
                message.Nonce, message.AssociatedData, message.Ciphertext, message.Tag, plaintext));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TryOpen_InPlace_GivesThePlaintext(int keySize, bool accelerated)
    {
        Random random = new(20250404);
        foreach (Message message in new[]
                 { Message.NewOption(random, keySize), Message.NewRandom(random, keySize, 3, 50) })
        {
            byte[] text = [.. message.Ciphertext];
            using ShortAesGcm gcm = ShortAesGcm.Create(message.Key, accelerated);
            Assert.True(gcm.TryOpen(message.Nonce, message.AssociatedData, text, message.Tag, text));
            Assert.Equal(message.Plaintext, text);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenFour_RandomOptionsSomeSpoilt_GivesExactlyTheAuthentic(int keySize, bool accelerated)
    {
        Random random = new(20250505 + keySize);
        for (int i = 0; i < 3000; i++)
        {
            using FourOptions four = new(random, [keySize, keySize, keySize, keySize], accelerated);
            four.SpoilOneBit(random, lanes: random.Next(16));
            four.AssertOpensExactlyTheAuthentic();
        }
    }

    [Fact]
    public void OpenFour_KeysOfBothSizes_OpensAll()
    {
        Random random = new(20250606);
        using FourOptions four = new(random, [16, 32, 32, 16], ShortAesGcm.IsAccelerated);
        four.AssertOpensExactlyTheAuthentic();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenFour_AnyBitOfAnyLaneFlipped_RefusesThatLaneAlone(int keySize, bool accelerated)
    {
        Random random = new(20250707 + keySize);
        using FourOptions four = new(random, [keySize, keySize, keySize, keySize], accelerated);
        for (int lane = 0; lane < ShortAesGcm.LaneCount; lane++)
            for (int bit = 0; bit < FourOptions.BitsOfLane; bit++)
            {
                four.Flip(lane, bit);
                four.AssertOpensExactlyTheAuthentic();
                four.Flip(lane, bit);
            }
        four.AssertOpensExactlyTheAuthentic();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(24)]
    [InlineData(33)]
    public void Create_KeyOfAnotherSize_IsTheCallersMistake(int keySize) =>
        Assert.Throws<ArgumentException>(() => ShortAesGcm.Create(new byte[keySize]));

    [Fact]
    public void TryOpen_SpanOfAnotherLength_IsTheCallersMistake()
    {
        using ShortAesGcm gcm = ShortAesGcm.Create(new byte[32]);
        Assert.Throws<ArgumentException>(() => gcm.TryOpen(new byte[11], [], [], new byte[16], []));
        Assert.Throws<ArgumentException>(() => gcm.TryOpen(new byte[12], [], [], new byte[15], []));
        Assert.Throws<ArgumentException>(() => gcm.TryOpen(new byte[12], [], [], new byte[17], []));
        Assert.Throws<ArgumentException>(() => gcm.TryOpen(new byte[12], [], new byte[2], new byte[16], new byte[1]));
        Assert.Throws<ArgumentException>(() => gcm.Seal(new byte[13], [], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => ShortAesGcm.OpenFour(
            [gcm, gcm, gcm], new byte[48], new byte[160], new byte[64]));
        Assert.Throws<ArgumentException>(() => ShortAesGcm.OpenFour(
            [gcm, gcm, gcm, gcm], new byte[48], new byte[159], new byte[64]));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TryOpen_Disposed_Throws(int keySize, bool accelerated)
    {
        ShortAesGcm gcm = ShortAesGcm.Create(new byte[keySize], accelerated);
        gcm.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gcm.TryOpen(new byte[12], [], [], new byte[16], []));
        Assert.Throws<ObjectDisposedException>(() => gcm.Seal(new byte[12], [], [], [], new byte[16]));
        Assert.Throws<ObjectDisposedException>(() => ShortAesGcm.OpenFour(
            [gcm, gcm, gcm, gcm], new byte[48], new byte[160], new byte[64]));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Rekey_OtherKey_OpensUnderTheNewKeyOnly(int keySize, bool accelerated)
    {
        Random random = new(20250808);
        Message first = Message.NewOption(random, 48 - keySize);
        Message second = Message.NewOption(random, keySize);
        using ShortAesGcm gcm = ShortAesGcm.Create(first.Key, accelerated);
        gcm.Rekey(second.Key);
        byte[] text = new byte[PdmMetrics.Size];
        Assert.False(gcm.TryOpen(first.Nonce, first.AssociatedData, first.Ciphertext, first.Tag, text));
        Assert.True(gcm.TryOpen(second.Nonce, second.AssociatedData, second.Ciphertext, second.Tag, text));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Seal_FromSeveralThreads_GivesWhatOneThreadGives(int keySize, bool accelerated)
    {
        Random random = new(20250909 + keySize);
        Message[] messages = [.. Enumerable.Range(0, 500).Select(_ => Message.NewRandom(random, keySize, 9, 40))];
        using ShortAesGcm gcm = ShortAesGcm.Create(messages[0].Key, accelerated);
        byte[][] expected = [.. messages.Select(message => Sealed(gcm, message))];
        int differ = 0;
        void SealAll()
        {
            for (int i = 0; i < 40 * messages.Length; i++)
                if (!expected[i % messages.Length].AsSpan().SequenceEqual(Sealed(gcm, messages[i % messages.Length])))
                    Interlocked.Increment(ref differ);
        }
        Task[] threads = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            SealAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.WhenAll(threads);
        Assert.Equal(0, differ);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Dispose_AfterUse_LeavesNoKeyMaterial(int keySize, bool accelerated)
    {
        ShortAesGcm gcm = ShortAesGcm.Create(Message.NewOption(new Random(keySize), keySize).Key, accelerated);
        byte[] material = Material(gcm);
        Assert.Equal(accelerated, material.AsSpan().ContainsAnyExcept((byte)0));
        gcm.Dispose();
        Assert.False(material.AsSpan().ContainsAnyExcept((byte)0));
    }

    private static byte[] Sealed(ShortAesGcm gcm, Message message)
    {
        byte[] result = new byte[message.Plaintext.Length + ShortAesGcm.TagSize];
        gcm.Seal(
            message.Nonce, message.AssociatedData, message.Plaintext, result.AsSpan(0, message.Plaintext.Length),
            result.AsSpan(message.Plaintext.Length));
        return result;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_material")]
    private static extern ref byte[] Material(ShortAesGcm gcm);
}
