using System.Buffers.Binary;
using Pdm6.Security.Frames;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>No nonce of a frame sealer comes twice: not from several threads, not at the end of the numbers, not from two
/// sealers.</summary>
[Collection(nameof(ContentionCollection))]
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
    public void OfRandomSender_MoreThan32BitsCanCount_IsTheCallersMistake()
    {
        byte[] nonce = Take(FrameNonces.OfRandomSender(left: 1UL << 32))!;
        Assert.Equal((byte[])[0, 0, 0, 0], nonce[8..]);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameNonces.OfRandomSender(left: (1UL << 32) + 1));
    }

    [Fact]
    public void TryTake_FromThreadsAtOnce_GivesEachNonceOnce()
    {
        const int TakenInRound = 1000, MostRounds = 50_000, EnoughTurns = 1_000;
        FrameNonces nonces = FrameNonces.OfOnlySender();
        ulong[] mine = new ulong[TakenInRound], theirs = new ulong[TakenInRound];
        ulong last = 0;
        int turns = 0;
        void Take(ulong[] taken)
        {
            Span<byte> nonce = stackalloc byte[Nonce.Size];
            for (int i = 0; i < taken.Length; i++)
            {
                nonces.TryTake(nonce);
                taken[i] = BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]);
            }
        }
        // Each thread's own numbers rise, so that merging tells whether each came once, and who took turns with whom.
        void Merge()
        {
            bool wasMine = true;
            int turnsOfRound = 0;
            for (int i = 0, j = 0; i + j < 2 * TakenInRound;)
            {
                bool isMine = j == TakenInRound || (i < TakenInRound && mine[i] < theirs[j]);
                Assert.Equal(++last, isMine ? mine[i++] : theirs[j++]);
                if (isMine != wasMine)
                    turnsOfRound++;
                wasMine = isMine;
            }
            if (turnsOfRound > 2) // else one thread only began when the other was done
                turns += turnsOfRound;
        }
        // Only where the threads take turns can a counter that is not atomic go wrong, so that is what there must be
        // enough of.
        Contention.Run(
            MostRounds,
            round =>
            {
                if (round > 0)
                    Merge();
            },
            [() => Take(mine), () => Take(theirs)],
            isEnough: () => turns >= EnoughTurns);
        Assert.True(turns >= EnoughTurns || Environment.ProcessorCount == 1, $"The threads took only {turns} turns.");
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
