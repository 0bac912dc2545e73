using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>Options sealed for tests and vectors, and what opens them with a pair secret.</summary>
public sealed class PairOpenerTests
{
    private const ushort Epoch = 0x0abc;
    private const ushort ExId = 0x1234;
    private const uint Psntp = 77;
    private static readonly FlowKey s_flow = new(
        Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), NextHeader.Udp, 5353, 53);
    private static readonly PdmMetrics s_metrics = new(
        7, 42, PdmTime.FromNanoseconds(1_000_000), PdmTime.FromNanoseconds(20_000_000));

    private readonly byte[] _pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);

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
        SealedParts parts = Seal(suite, carriage, accelerated);
        byte[] associatedData = carriage == Carriage.UdpOption
            ? [127, 42, 0x12, 0x34, 0x2a, 0xbc, 0, 0, 0, 77]
            : [Pdmv2OptionView.DefaultOptionType, 38, 0x2a, 0xbc, 0, 0, 0, 77];
        byte[] key = new byte[Suites.KeySize(suite)], baseNonce = new byte[12], nonce = new byte[12], block = new byte[16];
        KeyDerivation.SessionKey(_pairSecret, suite, Epoch, key, baseNonce);
        Nonce.Build(baseNonce, s_flow, carriage, Epoch, Psntp, nonce);
        s_metrics.Write(block);
        byte[] ciphertext = new byte[PdmMetrics.Size], tag = new byte[ShortAesGcm.TagSize];
        using (AesGcm platform = new(key, tag.Length))
            platform.Encrypt(nonce, block, ciphertext, tag, associatedData);

        Assert.Equal(associatedData, parts.AssociatedData);
        Assert.Equal(ciphertext, parts.Ciphertext);
        Assert.Equal(tag, parts.Tag);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AnyBitFlipped_IsRefusedAndLeavesZeros(Suite suite, Carriage carriage, bool accelerated)
    {
        SealedParts parts = Seal(suite, carriage, accelerated);
        using PairOpener opener = PairOpener.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        byte[] opened = new byte[PdmMetrics.Size];
        foreach (byte[] part in new[] { parts.AssociatedData, parts.Ciphertext, parts.Tag })
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << bit % 8);
                Array.Fill(opened, (byte)0xee);
                Assert.False(Open(opener, s_flow, carriage, Psntp, parts, opened));
                Assert.Equal(new byte[PdmMetrics.Size], opened);
                part[bit / 8] ^= (byte)(1 << bit % 8);
            }
        Assert.True(Open(opener, s_flow, carriage, Psntp, parts, opened));
        Assert.Equal(s_metrics, PdmMetrics.Read(opened));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AnotherFlowCarriageNumberEpochOrPair_IsRefused(Suite suite, Carriage carriage, bool accelerated)
    {
        SealedParts parts = Seal(suite, carriage, accelerated);
        using PairOpener opener = PairOpener.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        using PairOpener otherEpoch = PairOpener.FromPairSecret(_pairSecret, suite, Epoch + 1, accelerated);
        using PairOpener otherPair = PairOpener.FromPairSecret(
            RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize), suite, Epoch, accelerated);

        bool Opens(PairOpener with, FlowKey flow, Carriage rides, uint psntp) =>
            Open(with, flow, rides, psntp, parts, new byte[PdmMetrics.Size]);
        Assert.True(Opens(opener, s_flow, carriage, Psntp));
        Assert.False(Opens(opener, s_flow with { SourcePort = 5354 }, carriage, Psntp));
        Assert.False(Opens(opener, s_flow with { DestinationPort = 54 }, carriage, Psntp));
        Assert.False(Opens(opener, s_flow with { Protocol = NextHeader.Tcp }, carriage, Psntp));
        Assert.False(Opens(opener, s_flow, 1 - carriage, Psntp));
        Assert.False(Opens(opener, s_flow, carriage, Psntp + 1));
        Assert.False(Opens(otherEpoch, s_flow, carriage, Psntp));
        Assert.False(Opens(otherPair, s_flow, carriage, Psntp));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_KeyKnown_AllocatesNothing(Suite suite, Carriage carriage, bool accelerated)
    {
        SealedParts parts = Seal(suite, carriage, accelerated);
        byte[] opened = new byte[PdmMetrics.Size];
        using PairOpener opener = PairOpener.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        Assert.Equal(0, Allocations.Of(_ => Open(opener, s_flow, carriage, Psntp, parts, opened)));
        Assert.Equal(s_metrics, PdmMetrics.Read(opened));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SealAndOpen_Disposed_Throw(Suite suite, Carriage carriage, bool accelerated)
    {
        SealedParts parts = Seal(suite, carriage, accelerated);
        PairOpener opener = PairOpener.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        UnsafeExplicitNumberOptions sealer =
            UnsafeExplicitNumberOptions.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        foreach (IDisposable subject in new IDisposable[] { opener, opener, sealer, sealer })
            subject.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => Open(opener, s_flow, carriage, Psntp, parts, new byte[PdmMetrics.Size]));
        Assert.Throws<ObjectDisposedException>(() => Seal(sealer, carriage));
    }

    [Fact]
    public void Dispose_AfterUse_LeavesNoBaseNonce()
    {
        OptionKey key = OptionKey.FromPairSecret(_pairSecret, Suite.Aes256Gcm, Epoch, ShortAesGcm.IsAccelerated);
        byte[] baseNonce = BaseNonce(key);
        Assert.NotEqual(new byte[Nonce.Size], baseNonce);
        key.Dispose();
        Assert.Equal(new byte[Nonce.Size], baseNonce);
    }

    [Fact]
    public void TryOpen_WrongLengths_AreTheCallersMistake()
    {
        using PairOpener opener = PairOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, Epoch);
        byte[] short15 = new byte[15], right = new byte[16], long17 = new byte[17];
        Assert.Throws<ArgumentException>(() => opener.TryOpen(s_flow, 0, 1, [], long17, right, right));
        Assert.Throws<ArgumentException>(() => opener.TryOpen(s_flow, 0, 1, [], right, long17, right));
        Assert.Throws<ArgumentException>(() => opener.TryOpen(s_flow, 0, 1, [], right, right, short15));
        Assert.Throws<ArgumentException>(() => PairOpener.FromPairSecret(long17, Suite.Aes256Gcm, Epoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairOpener.FromPairSecret(_pairSecret, (Suite)3, Epoch));
    }

    private sealed record SealedParts(byte[] AssociatedData, byte[] Ciphertext, byte[] Tag);

    private static bool Open(
        PairOpener opener, in FlowKey flow, Carriage carriage, uint psntp, SealedParts parts, byte[] block) =>
        opener.TryOpen(flow, carriage, psntp, parts.AssociatedData, parts.Ciphertext, parts.Tag, block);

    private SealedParts Seal(Suite suite, Carriage carriage, bool accelerated)
    {
        using UnsafeExplicitNumberOptions sealer =
            UnsafeExplicitNumberOptions.FromPairSecret(_pairSecret, suite, Epoch, accelerated);
        return Seal(sealer, carriage);
    }

    private static SealedParts Seal(UnsafeExplicitNumberOptions sealer, Carriage carriage)
    {
        if (carriage == Carriage.UdpOption)
        {
            byte[] surplus = new byte[UdpOption.ProtectedSurplusSize + 1];
            int size = sealer.SealUdpOption(s_flow, startsAtOddOffset: false, ExId, Psntp, s_metrics, surplus);
            Assert.Equal(
                UdpOptionReadStatus.Ok,
                UdpOptionView.TryRead(surplus.AsSpan(0, size), startsAtOddOffset: false, ExId, out UdpOptionView udp));
            return new SealedParts([.. udp.AssociatedData], [.. udp.MetricBlock], [.. udp.Tag]);
        }
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize];
        sealer.SealDestinationOption(s_flow, Pdmv2OptionView.DefaultOptionType, Psntp, s_metrics, option);
        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(option, out Pdmv2OptionView view));
        return new SealedParts([.. view.AssociatedData], [.. view.MetricBlock], [.. view.Tag]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_baseNonce")]
    private static extern ref byte[] BaseNonce(OptionKey key);
}
