using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

public sealed class PairSessionTests
{
    private const ushort Epoch = 0x0abc;
    private static readonly FlowKey s_flow = new(
        Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), NextHeader.Udp, 5353, 53);

    private readonly byte[] _pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);
    private readonly byte[] _block = RandomNumberGenerator.GetBytes(PdmMetrics.Size);
    private readonly byte[] _ciphertext = new byte[PdmMetrics.Size];
    private readonly byte[] _tag = new byte[ShortAesGcm.TagSize];

    public static TheoryData<Suite, Carriage, bool> Ways()
    {
        TheoryData<Suite, Carriage, bool> ways = [];
        foreach (Suite suite in Enum.GetValues<Suite>())
            foreach (Carriage carriage in Enum.GetValues<Carriage>())
                foreach (bool accelerated in AccelerationModes.All)
                    ways.Add(suite, carriage, accelerated);
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Seal_AnyWay_EqualsThePlatformUnderTheDerivedKeyAndNonce(Suite suite, Carriage carriage, bool accelerated)
    {
        byte[] associatedData = AssociatedData(carriage);
        byte[] key = new byte[Suites.KeySize(suite)], baseNonce = new byte[12], nonce = new byte[12];
        KeyDerivation.SessionKey(_pairSecret, suite, Epoch, key, baseNonce);
        Nonce.Build(baseNonce, s_flow, carriage, Epoch, 77, nonce);
        byte[] ciphertext = new byte[PdmMetrics.Size], tag = new byte[ShortAesGcm.TagSize];
        using (AesGcm platform = new(key, tag.Length))
            platform.Encrypt(nonce, _block, ciphertext, tag, associatedData);

        using PairSession session = PairSession.Create(_pairSecret, suite, Epoch, accelerated);
        session.Seal(s_flow, carriage, 77, associatedData, _block, _ciphertext, _tag);
        Assert.Equal(ciphertext, _ciphertext);
        Assert.Equal(tag, _tag);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AnyBitFlipped_IsRefusedAndLeavesZeros(Suite suite, Carriage carriage, bool accelerated)
    {
        byte[] associatedData = AssociatedData(carriage);
        using PairSession session = PairSession.Create(_pairSecret, suite, Epoch, accelerated);
        session.Seal(s_flow, carriage, 77, associatedData, _block, _ciphertext, _tag);
        byte[] opened = new byte[PdmMetrics.Size];
        foreach (byte[] part in new[] { associatedData, _ciphertext, _tag })
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << bit % 8);
                Array.Fill(opened, (byte)0xee);
                Assert.False(session.TryOpen(s_flow, carriage, 77, associatedData, _ciphertext, _tag, opened));
                Assert.Equal(new byte[PdmMetrics.Size], opened);
                part[bit / 8] ^= (byte)(1 << bit % 8);
            }
        Assert.True(session.TryOpen(s_flow, carriage, 77, associatedData, _ciphertext, _tag, opened));
        Assert.Equal(_block, opened);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AnotherFlowCarriageNumberEpochOrPair_IsRefused(Suite suite, Carriage carriage, bool accelerated)
    {
        byte[] associatedData = AssociatedData(carriage);
        using PairSession session = PairSession.Create(_pairSecret, suite, Epoch, accelerated);
        using PairSession otherEpoch = PairSession.Create(_pairSecret, suite, Epoch + 1, accelerated);
        using PairSession otherPair = PairSession.Create(
            RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize), suite, Epoch, accelerated);
        session.Seal(s_flow, carriage, 77, associatedData, _block, _ciphertext, _tag);

        bool Opens(PairSession with, FlowKey flow, Carriage rides, uint psntp) => with.TryOpen(
            flow, rides, psntp, associatedData, _ciphertext, _tag, new byte[PdmMetrics.Size]);
        Assert.True(Opens(session, s_flow, carriage, 77));
        Assert.False(Opens(session, s_flow with { SourcePort = 5354 }, carriage, 77));
        Assert.False(Opens(session, s_flow with { DestinationPort = 54 }, carriage, 77));
        Assert.False(Opens(session, s_flow with { Protocol = NextHeader.Tcp }, carriage, 77));
        Assert.False(Opens(session, s_flow, 1 - carriage, 77));
        Assert.False(Opens(session, s_flow, carriage, 78));
        Assert.False(Opens(otherEpoch, s_flow, carriage, 77));
        Assert.False(Opens(otherPair, s_flow, carriage, 77));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SealAndOpen_KeyKnown_AllocateNothing(Suite suite, Carriage carriage, bool accelerated)
    {
        byte[] associatedData = AssociatedData(carriage);
        byte[] opened = new byte[PdmMetrics.Size];
        using PairSession session = PairSession.Create(_pairSecret, suite, Epoch, accelerated);
        void SealAndOpen(uint psntp)
        {
            session.Seal(s_flow, carriage, psntp, associatedData, _block, _ciphertext, _tag);
            session.TryOpen(s_flow, carriage, psntp, associatedData, _ciphertext, _tag, opened);
        }
        Assert.Equal(0, Allocations.Of(SealAndOpen));
        Assert.Equal(_block, opened);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SealAndOpen_Disposed_Throw(Suite suite, Carriage carriage, bool accelerated)
    {
        PairSession session = PairSession.Create(_pairSecret, suite, Epoch, accelerated);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => session.Seal(s_flow, carriage, 1, [], _block, _ciphertext, _tag));
        Assert.Throws<ObjectDisposedException>(
            () => session.TryOpen(s_flow, carriage, 1, [], _ciphertext, _tag, _block));
    }

    [Fact]
    public void Dispose_AfterUse_LeavesNoBaseNonce()
    {
        PairSession session = PairSession.Create(_pairSecret, Suite.Aes256Gcm, Epoch);
        byte[] baseNonce = BaseNonce(session);
        Assert.NotEqual(new byte[Nonce.Size], baseNonce);
        session.Dispose();
        Assert.Equal(new byte[Nonce.Size], baseNonce);
    }

    [Fact]
    public void SealAndOpen_WrongLengths_AreTheCallersMistake()
    {
        using PairSession session = PairSession.Create(_pairSecret, Suite.Aes256Gcm, Epoch);
        byte[] short15 = new byte[15], long17 = new byte[17];
        Assert.Throws<ArgumentException>(() => session.Seal(s_flow, 0, 1, [], short15, _ciphertext, _tag));
        Assert.Throws<ArgumentException>(() => session.Seal(s_flow, 0, 1, [], _block, long17, _tag));
        Assert.Throws<ArgumentException>(() => session.Seal(s_flow, 0, 1, [], _block, _ciphertext, short15));
        Assert.Throws<ArgumentException>(() => session.TryOpen(s_flow, 0, 1, [], long17, _tag, _block));
        Assert.Throws<ArgumentException>(() => session.TryOpen(s_flow, 0, 1, [], _ciphertext, long17, _block));
        Assert.Throws<ArgumentException>(() => session.TryOpen(s_flow, 0, 1, [], _ciphertext, _tag, short15));
        Assert.Throws<ArgumentException>(() => PairSession.Create(long17, Suite.Aes256Gcm, Epoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairSession.Create(_pairSecret, Suite.Aes256Gcm, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairSession.Create(_pairSecret, (Suite)3, Epoch));
    }

    private static byte[] AssociatedData(Carriage carriage) =>
        RandomNumberGenerator.GetBytes(carriage == Carriage.UdpOption ? 10 : 8);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_baseNonce")]
    private static extern ref byte[] BaseNonce(PairSession session);
}
