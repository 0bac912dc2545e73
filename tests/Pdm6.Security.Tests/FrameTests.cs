using System.Security.Cryptography;
using Pdm6.Security.Frames;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>Sealed udp-frames: what comes out, what goes in again, and that nothing else does.</summary>
public sealed class FrameTests : IDisposable
{
    private const ushort Epoch = 0x0123;
    private static readonly UdpFrameHeader s_header = new(UdpFrameFlags.Request, 0, 1, 1_699_200_000_000_000);
    private static readonly byte[] s_tlvs = [0, 100, 0, 4, .. "kmod"u8, 0, 3, 0, 1, 7];

    private readonly TemporaryKeyFile _key = new();
    private readonly byte[] _pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);

    public static TheoryData<bool, bool> Ways()
    {
        TheoryData<bool, bool> ways = [];
        foreach (bool accelerated in AccelerationModes.All)
        {
            ways.Add(false, accelerated);
            ways.Add(true, accelerated);
        }
        return ways;
    }

    public void Dispose() => _key.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_SealedFrame_GivesHeaderTlvsAndNumber(bool derived, bool accelerated)
    {
        using FrameSealer sealer = Sealer(derived, accelerated);
        using FrameOpener opener = Opener(derived, accelerated);
        for (uint i = 0; i < 3; i++)
        {
            byte[] frame = Seal(sealer);
            byte[] tlvs = new byte[frame.Length];
            Assert.Equal(
                FrameOpenResult.Opened,
                opener.TryOpen(frame, tlvs, out UdpFrameHeader header, out int size, out FrameNumber number));
            Assert.Equal(s_tlvs, tlvs[..size]);
            UdpFrameFlags flags = UdpFrameFlags.Encrypted | UdpFrameFlags.Request;
            Assert.Equal(
                derived
                    ? s_header with { Flags = flags | UdpFrameFlags.KeyId, KeyId = Epoch }
                    : s_header with { Flags = flags },
                header);
            Assert.Equal(derived ? i + 1 : i, number.Number);
            Assert.Equal(derived, number.Sender == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TrySeal_Frame_IsAes256GcmOfTheTlvsBoundToTheHeader(bool derived, bool accelerated)
    {
        byte[] key = _key.File.Secret.ToArray();
        if (derived)
            KeyDerivation.FrameKey(_pairSecret, Suite.Aes256Gcm, Epoch, key);
        using FrameSealer sealer = Sealer(derived, accelerated);
        byte[] frame = Seal(sealer);
        Assert.Equal((byte[])[0, 0, 0, 13 + 0], frame[28..32]);
        byte[] tlvs = new byte[s_tlvs.Length];
        using AesGcm platform = new(key, UdpFrame.TagSize);
        platform.Decrypt(frame.AsSpan(16, 12), frame.AsSpan(32, tlvs.Length), frame.AsSpan(^16..), tlvs, frame.AsSpan(0, 16));
        Assert.Equal(s_tlvs, tlvs);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AnyBitFlipped_IsRefusedAndLeavesZeros(bool derived, bool accelerated)
    {
        using FrameSealer sealer = Sealer(derived, accelerated);
        using FrameOpener opener = Opener(derived, accelerated);
        byte[] frame = Seal(sealer);
        Dictionary<FrameOpenResult, int> results = [];
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << bit % 8);
            byte[] tlvs = [.. Enumerable.Repeat((byte)0xee, frame.Length)], untouched = [.. tlvs];
            FrameOpenResult result = opener.TryOpen(frame, tlvs, out UdpFrameHeader header, out int size, out FrameNumber number);
            results[result] = results.GetValueOrDefault(result) + 1;
            int tried = result == FrameOpenResult.AuthenticationFailed ? s_tlvs.Length : 0;
            Assert.Equal(new byte[tried], tlvs[..tried]);
            Assert.Equal(untouched[tried..], tlvs[tried..]);
            Assert.Equal((default, 0, default), (header, size, number));
            frame[bit / 8] ^= (byte)(1 << bit % 8);
        }
        Assert.False(results.ContainsKey(FrameOpenResult.Opened));
        Assert.Equal(8, results[FrameOpenResult.UnknownVersion]);
        // The 32 bits of the length, and the encrypted flag, without which nonce and ciphertext are no TLVs.
        Assert.Equal(33, results[FrameOpenResult.Malformed]);
        // The flag and the 16 bits of the key id.
        Assert.Equal(derived ? 17 : 0, results.GetValueOrDefault(FrameOpenResult.NoKey));
        Assert.Equal(frame.Length * 8, results.Values.Sum());
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, new byte[frame.Length], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_ClearFrame_IsRefused(bool derived, bool accelerated)
    {
        byte[] frame = new byte[UdpFrame.HeaderSize];
        s_header.Write(frame);
        using FrameOpener opener = Opener(derived, accelerated);
        Assert.Equal(FrameOpenResult.Clear, opener.TryOpen(frame, [], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_AuthenticButMalformedTlvs_IsRefusedAndLeavesZeros(bool derived, bool accelerated)
    {
        // A hop count of two octets, and a TLV that runs past the end.
        foreach (byte[] tlvs in new byte[][] { [0, 3, 0, 2, 1, 1], [0, 100, 0, 9, 1] })
        {
            byte[] frame = new byte[UdpFrame.SealedOverhead + tlvs.Length];
            using UnsafeExplicitNonceFrames frames = derived
                ? UnsafeExplicitNonceFrames.FromPairSecret(_pairSecret, Suite.Aes256Gcm, Epoch)
                : UnsafeExplicitNonceFrames.FromKeyFile(_key.File);
            UdpFrameHeader header = derived
                ? s_header with { Flags = UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, KeyId = Epoch }
                : s_header with { Flags = UdpFrameFlags.Encrypted };
            frames.Seal(header, new byte[12], tlvs, frame);
            using FrameOpener opener = Opener(derived, accelerated);
            byte[] opened = [.. Enumerable.Repeat((byte)0xee, tlvs.Length)];
            Assert.Equal(FrameOpenResult.Malformed, opener.TryOpen(frame, opened, out _, out int size));
            Assert.Equal(0, size);
            Assert.Equal(new byte[tlvs.Length], opened);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_RandomAndCutPayloads_NeverThrowNorOpen(bool derived, bool accelerated)
    {
        Random random = new(2026);
        using FrameSealer sealer = Sealer(derived, accelerated);
        using FrameOpener opener = Opener(derived, accelerated);
        byte[] frame = Seal(sealer);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = [.. frame.AsSpan(0, random.Next(frame.Length)), .. new byte[random.Next(3)]];
            if (i % 2 == 0)
                random.NextBytes(payload.AsSpan(Math.Min(1, payload.Length)));
            if (payload.AsSpan().SequenceEqual(frame))
                continue; // its last octet was a zero, which was cut off and put back
            Assert.NotEqual(FrameOpenResult.Opened, opener.TryOpen(payload, new byte[payload.Length], out _, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SealAndOpen_KeyKnown_AllocateNothing(bool derived, bool accelerated)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead + s_tlvs.Length], tlvs = new byte[s_tlvs.Length];
        using FrameSealer sealer = Sealer(derived, accelerated);
        using FrameOpener opener = Opener(derived, accelerated);
        Assert.Equal(0, Allocations.Of(_ =>
        {
            sealer.TrySeal(s_header, s_tlvs, frame, out int _);
            opener.TryOpen(frame, tlvs, out UdpFrameHeader _, out int _);
        }));
        Assert.Equal(s_tlvs, tlvs);
    }

    [Fact]
    public void TryOpen_OtherKeyOrKeyId_IsRefused()
    {
        using FrameSealer raw = Sealer(derived: false, ShortAesGcm.IsAccelerated);
        using FrameSealer derived = Sealer(derived: true, ShortAesGcm.IsAccelerated);
        using TemporaryKeyFile otherFile = new();
        using FrameOpener rawOpener = Opener(derived: false, ShortAesGcm.IsAccelerated);
        using FrameOpener derivedOpener = Opener(derived: true, ShortAesGcm.IsAccelerated);
        using FrameOpener otherRaw = FrameOpener.FromKeyFile(otherFile.File);
        using FrameOpener otherEpoch = FrameOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, Epoch + 1);
        using FrameOpener otherSuite = FrameOpener.FromPairSecret(_pairSecret, Suite.Aes128Gcm, Epoch);
        static FrameOpenResult Open(FrameOpener opener, byte[] frame) =>
            opener.TryOpen(frame, new byte[frame.Length], out _, out _);

        Assert.Equal(FrameOpenResult.AuthenticationFailed, Open(otherRaw, Seal(raw)));
        Assert.Equal(FrameOpenResult.AuthenticationFailed, Open(rawOpener, Seal(derived)));
        Assert.Equal(FrameOpenResult.NoKey, Open(derivedOpener, Seal(raw)));
        Assert.Equal(FrameOpenResult.NoKey, Open(otherEpoch, Seal(derived)));
        Assert.Equal(FrameOpenResult.AuthenticationFailed, Open(otherSuite, Seal(derived)));
    }

    [Fact]
    public void TryOpen_DerivedKeyButNoKeyNamed_IsNotItsFrame()
    {
        // Of epoch 0, whose key id is what a frame without one reads as. The tag is right.
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        using UnsafeExplicitNonceFrames frames = UnsafeExplicitNonceFrames.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 0);
        using FrameOpener opener = FrameOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 0);
        frames.Seal(s_header with { Flags = UdpFrameFlags.Encrypted }, new byte[12], [], frame);
        Assert.Equal(FrameOpenResult.NoKey, opener.TryOpen(frame, [], out _, out _));
        frames.Seal(s_header with { Flags = UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId }, new byte[12], [], frame);
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, [], out _, out _));
    }

    [Fact]
    public void TrySeal_FlagsAndKeyIdOfTheCaller_CountForNothingButRequest()
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        using FrameSealer sealer = Sealer(derived: false, ShortAesGcm.IsAccelerated);
        using FrameOpener opener = Opener(derived: false, ShortAesGcm.IsAccelerated);
        Assert.True(sealer.TrySeal(s_header with { Flags = (UdpFrameFlags)0xfe, KeyId = 7 }, [], frame, out _));
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, [], out UdpFrameHeader header, out _));
        Assert.Equal(s_header with { Flags = UdpFrameFlags.Encrypted | UdpFrameFlags.Request }, header);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TryOpen_MoreTlvsThanRoom_IsTooLongAndWritesNothing(bool derived, bool accelerated)
    {
        using FrameSealer sealer = Sealer(derived, accelerated);
        using FrameOpener opener = Opener(derived, accelerated);
        byte[] frame = Seal(sealer), room = [.. Enumerable.Repeat((byte)0xee, s_tlvs.Length - 1)], untouched = [.. room];
        Assert.Equal(
            FrameOpenResult.TooLong,
            opener.TryOpen(frame, room, out UdpFrameHeader header, out int size, out FrameNumber number));
        Assert.Equal(untouched, room);
        Assert.Equal((default, 0, default), (header, size, number));
        Assert.Equal(FrameOpenResult.TooLong, opener.TryOpen(frame, [], out _, out _));
        Assert.Equal(FrameOpenResult.Malformed, opener.TryOpen((byte[])[2, 1, .. new byte[47]], [], out _, out _));
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, new byte[s_tlvs.Length], out _, out _));
    }

    [Fact]
    public void SealAndOpen_OverlappingBuffers_AreTheCallersMistake()
    {
        using FrameSealer sealer = Sealer(derived: false, ShortAesGcm.IsAccelerated);
        using FrameOpener opener = Opener(derived: false, ShortAesGcm.IsAccelerated);
        byte[] frame = Seal(sealer), sealedFrame = [.. frame];
        Assert.Throws<ArgumentException>(() => opener.TryOpen(frame, frame.AsSpan(32), out _, out _));
        Assert.Throws<ArgumentException>(() => opener.TryOpen(frame.AsSpan(0, 60), frame.AsSpan(59), out _, out _));
        Assert.Equal(sealedFrame, frame);
        foreach (int at in new[] { 0, 31, 33 })
        {
            byte[] memory = new byte[UdpFrame.SealedOverhead + s_tlvs.Length + 1], before = [.. memory];
            Assert.Throws<ArgumentException>(
                () => sealer.TrySeal(s_header, memory.AsSpan(at, s_tlvs.Length), memory, out _));
            Assert.Equal(before, memory);
        }
    }

    [Fact]
    public void TrySeal_TlvsWhereTheirCiphertextGoes_GivesTheSameFrame()
    {
        using FrameSealer sealer = Sealer(derived: true, ShortAesGcm.IsAccelerated);
        using FrameOpener opener = Opener(derived: true, ShortAesGcm.IsAccelerated);
        byte[] frame = new byte[UdpFrame.SealedOverhead + s_tlvs.Length], tlvs = new byte[s_tlvs.Length];
        Span<byte> place = frame.AsSpan(UdpFrame.CiphertextOffset, s_tlvs.Length);
        s_tlvs.CopyTo(place);
        Assert.True(sealer.TrySeal(s_header, place, frame, out _));
        Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, tlvs, out _, out _));
        Assert.Equal(s_tlvs, tlvs);
    }

    [Fact]
    public void SealAndOpen_WrongUse_IsTheCallersMistake()
    {
        FrameSealer sealer = Sealer(derived: false, ShortAesGcm.IsAccelerated);
        FrameOpener opener = Opener(derived: false, ShortAesGcm.IsAccelerated);
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(s_header, s_tlvs, new byte[47 + s_tlvs.Length], out _));
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(s_header, [0, 3, 0, 0], new byte[99], out _));
        byte[] frame = Seal(sealer);
        sealer.Dispose();
        opener.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sealer.TrySeal(s_header, [], new byte[48], out _));
        Assert.Throws<ObjectDisposedException>(() => opener.TryOpen(frame, new byte[frame.Length], out _, out _));
        Assert.Throws<ObjectDisposedException>(() => opener.TryOpen([], [], out _, out _));
    }

    private FrameSealer Sealer(bool derived, bool accelerated) => derived
        ? FrameSealer.OfOnlySender(_pairSecret, Suite.Aes256Gcm, Epoch, accelerated)
        : FrameSealer.FromKeyFile(_key.File, accelerated);

    private FrameOpener Opener(bool derived, bool accelerated) => derived
        ? FrameOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, Epoch, accelerated)
        : FrameOpener.FromKeyFile(_key.File, accelerated);

    private static byte[] Seal(FrameSealer sealer)
    {
        byte[] frame = new byte[UdpFrame.SealedOverhead + s_tlvs.Length];
        Assert.True(sealer.TrySeal(s_header, s_tlvs, frame, out int size));
        Assert.Equal(frame.Length, size);
        return frame;
    }
}
