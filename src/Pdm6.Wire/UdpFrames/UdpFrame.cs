using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The udp-frame, a whole UDP payload (protocol reference, section 4). AES-256-GCM, octets 0..15 being the associated
/// data. Without the encrypted flag the TLVs follow the header at once.
/// <code>
/// |  Version = 2  |     Flags     |   Reserved, or the key id     |   0
/// |                           Sequence                            |   4
/// |     Timestamp, microseconds since the Unix epoch, u64         |   8
/// |     Nonce, 12 octets                                          |  16
/// |     Length of the ciphertext, tag not counted                 |  28
/// |     Ciphertext of the TLVs                                    |  32
/// |     Tag, 16 octets                                            |
/// </code>
/// </summary>
public static class UdpFrame
{
    /// <summary>The version that this format carries.</summary>
    public const byte Version = 2;
    /// <summary>Octets of the header, which is the associated data.</summary>
    public const int HeaderSize = 16;
    /// <summary>Octets of the nonce.</summary>
    public const int NonceSize = Aead.NonceSize;
    /// <summary>Octets of the authentication tag.</summary>
    public const int TagSize = Aead.TagSize;
    /// <summary>Octets before the ciphertext: header, nonce, length.</summary>
    public const int CiphertextOffset = LengthOffset + 4;
    /// <summary>Octets of an encrypted frame besides the ciphertext.</summary>
    public const int SealedOverhead = CiphertextOffset + TagSize;

    /// <summary>Octets of an encrypted frame that holds a TLV PDM and nothing else: what kernel programs make.</summary>
    public const int PdmFrameSize = SealedOverhead + Tlv.HeaderSize + PdmMetrics.Size;

    internal const int LengthOffset = HeaderSize + NonceSize;

    /// <summary>Writes what stands before the ciphertext of an encrypted frame, 32 octets.</summary>
    /// <param name="frame">The frame; written from its front.</param>
    /// <param name="header">The header, with <see cref="UdpFrameFlags.Encrypted"/>.</param>
    /// <param name="nonce">12 octets that this key has never seen before.</param>
    /// <param name="ciphertextSize">Octets of the ciphertext, tag not counted.</param>
    /// <exception cref="ArgumentException">The header lacks the flag, the nonce has another size, or the frame is
    /// shorter than 32 octets: a caller's mistake.</exception>
    public static void WriteSealedPrefix(
        Span<byte> frame, in UdpFrameHeader header, ReadOnlySpan<byte> nonce, int ciphertextSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frame.Length, CiphertextOffset, nameof(frame));
        ArgumentOutOfRangeException.ThrowIfNegative(ciphertextSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize, nameof(nonce));
        if ((header.Flags & UdpFrameFlags.Encrypted) == 0)
            throw new ArgumentException("The header of an encrypted frame has the flag Encrypted.", nameof(header));
        header.Write(frame);
        nonce.CopyTo(frame[HeaderSize..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[LengthOffset..], (uint)ciphertextSize);
    }
}
