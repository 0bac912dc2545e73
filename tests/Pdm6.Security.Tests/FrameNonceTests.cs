using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pdm6.Security.Frames;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>No nonce of a frame sealer comes twice: not from several threads, not at the end of the numbers, not from two
/// sealers.</summary>
public sealed class FrameNonceTests : IDisposable
{
    private readonly TemporaryKeyFile _key = new();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void OfRandomSender_Nonces_AreEightRandomOctetsAndACounterFromZero()
    {
        FrameNonces one = FrameNonces.OfRandomSender(), other = FrameNonces.OfRandomSender();
        byte[] first = Take(one)!, second = Take(one)!, third = Take(other)!;
        Assert.Equal((byte[])[0, 0, 0, 0], first[8..]);
        Assert.Equal((byte[])[0, 0, 0, 1], second[8..]);
        Assert.Equal(first[..8], second[..8]);
        Assert.NotEqual(first[..8], third[..8]);
    }

    [Fact]
    public void OfOnlySender_Nonces_AreFourZerosAndACounterFromOne()
    {
        FrameNonces nonces = FrameNonces.OfOnlySender();
        Assert.Equal("000000000000000000000001", Convert.ToHexStringLower(Take(nonces)!));
        Assert.Equal("000000000000000000000002", Convert.ToHexStringLower(Take(nonces)!));
    }

    [Fact]
    public void TryTake_EndOfTheNumbers_GivesTheLastOnceAndThenNoneForEver()
    {
        FrameNonces random = FrameNonces.OfRandomSender(left: 2), only = FrameNonces.OfOnlySender(left: 2);
        Assert.Equal("fffffffe", Convert.ToHexStringLower(Take(random)!.AsSpan(8)));
        Assert.Equal("ffffffff", Convert.ToHexStringLower(Take(random)!.AsSpan(8)));
        Assert.Equal("00000000fffffffffffffffe", Convert.ToHexStringLower(Take(only)!));
        Assert.Equal("00000000ffffffffffffffff", Convert.ToHexStringLower(Take(only)!));
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(Take(random));
            Assert.Null(Take(only));
        }
    }

    [Fact]
    public async Task TryTake_FromSeveralThreads_GivesEachNonceOnce()
    {
        const int Left = 200_000, Threads = 4;
        FrameNonces nonces = FrameNonces.OfOnlySender(Left);
        ConcurrentBag<HashSet<UInt128>> taken = [];
        using Barrier start = new(Threads);
        void TakeAll()
        {
            HashSet<UInt128> mine = [];
            Span<byte> nonce = stackalloc byte[16];
            start.SignalAndWait();
            while (nonces.TryTake(nonce[..12]))
                Assert.True(mine.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(nonce)));
            taken.Add(mine);
        }
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            TakeAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(Left, taken.Sum(mine => mine.Count));
        Assert.Equal(Left, taken.SelectMany(mine => mine).Distinct().Count());
    }

    [Fact]
    public void TrySeal_NumbersUsedUp_RefusesAndWritesNothing()
    {
        using FrameSealer sealer = FrameSealer.FromKeyFile(
            _key.File, ShortAesGcm.IsAccelerated, FrameNonces.OfRandomSender(left: 1));
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        Assert.True(sealer.TrySeal(default, [], frame, out _));
        Array.Clear(frame);
        Assert.False(sealer.TrySeal(default, [], frame, out int size));
        Assert.Equal(0, size);
        Assert.Equal(new byte[UdpFrame.SealedOverhead], frame);
    }

    [Fact]
    public void TrySeal_CallersMistake_UsesUpNoNumber()
    {
        using FrameSealer sealer = FrameSealer.FromKeyFile(
            _key.File, ShortAesGcm.IsAccelerated, FrameNonces.OfRandomSender(left: 1));
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(default, [], new byte[47], out _));
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(default, [1], new byte[99], out _));
        Assert.True(sealer.TrySeal(default, [], new byte[48], out _));
    }

    [Fact]
    public void FromKeyFile_SecondSealerOfOneFile_HasOctetsOfItsOwn()
    {
        using FrameSealer one = FrameSealer.FromKeyFile(_key.File), other = FrameSealer.FromKeyFile(_key.File);
        Assert.NotEqual(NonceOf(one)[..8], NonceOf(other)[..8]);
    }

    [Fact]
    public void FromPairSecret_SecondSealerOfOneKey_IsRefusedEvenAfterTheFirstIsGone()
    {
        byte[] pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);
        FrameSealer.FromPairSecret(pairSecret, Suite.Aes256Gcm, 5).Dispose();
        Assert.Throws<InvalidOperationException>(() => FrameSealer.FromPairSecret(pairSecret, Suite.Aes256Gcm, 5));
        FrameSealer.FromPairSecret(pairSecret, Suite.Aes256Gcm, 6).Dispose();
        FrameSealer.FromPairSecret(pairSecret, Suite.Aes128Gcm, 5).Dispose();
    }

    private static byte[]? Take(FrameNonces nonces)
    {
        byte[] nonce = new byte[Nonce.Size];
        return nonces.TryTake(nonce) ? nonce : null;
    }

    private static byte[] NonceOf(FrameSealer sealer)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        Assert.True(sealer.TrySeal(default, [], frame, out _));
        return frame[16..28];
    }
}
