using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Frames;

/// <summary>The key of udp-frames, with AES-256-GCM: seals under whatever nonce it is told, and opens. Safe from several
/// threads, disposing included: the key is zeroed when the last of its users is done.</summary>
internal sealed class FrameKey : IDisposable
{
    private readonly ShortAesGcm _gcm;
    private readonly UseGate _gate;

    private FrameKey(ReadOnlySpan<byte> key, ushort? keyId, bool accelerated)
    {
        _gcm = ShortAesGcm.Create(key, accelerated);
        _gate = new UseGate(_gcm.Dispose);
        KeyId = keyId;
    }

    /// <summary>What its frames say in octets 2 and 3; null for a raw key, whose frames say nothing.</summary>
    public ushort? KeyId { get; }

    public static FrameKey FromKeyFile(KeyFile file, bool accelerated) => new(file.Secret, keyId: null, accelerated);

    public static FrameKey FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated)
    {
        Span<byte> key = stackalloc byte[KeyDerivation.FrameKeySize];
        try
        {
            KeyDerivation.FrameKey(pairSecret, suite, epoch, key);
            return new FrameKey(key, epoch, accelerated);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>May a frame with this header have been sealed with it? A raw key serves all.</summary>
    public bool Serves(in UdpFrameHeader header) => KeyId is not { } keyId
        || (header.KeyId == keyId && (header.Flags & UdpFrameFlags.KeyId) != 0);

    /// <summary>Seals a frame under the next nonce; false if there is none left. The flags Encrypted and KeyId, and the
    /// key id, are the key's.</summary>
    public bool TrySeal(FrameNonces nonces, in UdpFrameHeader header, ReadOnlySpan<byte> tlvs, Span<byte> frame)
    {
        using UseGate.Visit visit = _gate.Enter(this);
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        if (!nonces.TryTake(nonce))
            return false;
        UdpFrameFlags flags = (header.Flags & UdpFrameFlags.Request) | UdpFrameFlags.Encrypted;
        SealInside(
            KeyId is { } keyId
                ? header with { Flags = flags | UdpFrameFlags.KeyId, KeyId = keyId }
                : header with { Flags = flags, KeyId = 0 },
            nonce, tlvs, frame);
        return true;
    }

    /// <summary>Writes a whole frame, with the header as it is, to a span of exactly its size.</summary>
    public void Seal(in UdpFrameHeader header, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tlvs, Span<byte> frame)
    {
        using UseGate.Visit visit = _gate.Enter(this);
        SealInside(header, nonce, tlvs, frame);
    }

    /// <summary>Opens an encrypted frame; the TLVs become zeros if the tag is wrong.</summary>
    public bool TryOpen(in UdpFrameView frame, Span<byte> tlvs)
    {
        using UseGate.Visit visit = _gate.Enter(this);
        return _gcm.TryOpen(frame.Nonce, frame.AssociatedData, frame.Ciphertext, frame.Tag, tlvs);
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_gate.IsClosed, this);

    public void Dispose() => _gate.Close();

    private void SealInside(
        in UdpFrameHeader header, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tlvs, Span<byte> frame)
    {
        UdpFrame.WriteSealedPrefix(frame, header, nonce, tlvs.Length);
        _gcm.Seal(
            nonce, frame[..UdpFrame.HeaderSize], tlvs, frame.Slice(UdpFrame.CiphertextOffset, tlvs.Length),
            frame[^UdpFrame.TagSize..]);
    }
}
