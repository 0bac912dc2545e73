using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>The key of udp-frames of one pair in one epoch, known to the test.</summary>
internal sealed class FramesKey : IDisposable
{
    private readonly byte[] _key;
    private readonly ShortAesGcm _gcm;

    private FramesKey(byte[] key) => (_key, _gcm, Identity) = (key, ShortAesGcm.Create(key), "frames " + Convert.ToHexString(key));

    /// <summary>Two with the same text are the same key.</summary>
    internal string Identity { get; }

    internal static FramesKey NewRandom() => new(RandomNumberGenerator.GetBytes(KeyDerivation.FrameKeySize));

    /// <summary>Another object with the same key.</summary>
    internal FramesKey Again() => new([.. _key]);

    /// <summary>As whoever was granted the pair secret has it.</summary>
    internal static FramesKey FromPairSecret(ReadOnlySpan<byte> pairSecret, ushort epoch)
    {
        byte[] key = new byte[KeyDerivation.FrameKeySize];
        KeyDerivation.FrameKey(pairSecret, Suite.Aes256Gcm, epoch, key);
        return new FramesKey(key);
    }

    /// <summary>As the kernel programs want it.</summary>
    internal byte[] Pack()
    {
        uint[] schedule = new uint[AesKeySchedule.WordCount(_key.Length)];
        AesKeySchedule.Expand(_key, schedule);
        byte[] hashKey = new byte[GhashKey.ElementSize], packed = new byte[KernelDatapath.PackedKeySize];
        GhashKey.Powers(_key, hashKey);
        KernelKey.PackForFrames(schedule, hashKey, packed);
        return packed;
    }

    /// <summary>Opens a frame, by the tag alone.</summary>
    internal bool TryOpen(ReadOnlySpan<byte> octets, out PdmMetrics metrics)
    {
        Span<byte> tlvs = stackalloc byte[Tlv.HeaderSize + PdmMetrics.Size];
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(octets, out UdpFrameView view));
        bool authentic = _gcm.TryOpen(view.Nonce, view.AssociatedData, view.Ciphertext, view.Tag, tlvs);
        metrics = PdmMetrics.Read(tlvs[Tlv.HeaderSize..]);
        return authentic;
    }

    public void Dispose() => _gcm.Dispose();
}
