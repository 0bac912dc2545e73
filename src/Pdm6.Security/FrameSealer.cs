using Pdm6.Security.Frames;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Seals udp-frames (protocol reference, sections 4 and 6). No nonce comes twice under its key: the sealer alone makes
/// them, from a counter that it never gives out of its hands, and it refuses when the counter is at its end. Sealing
/// allocates nothing and is safe from several threads (<c>docs/nonces.md</c>).
/// </summary>
public sealed class FrameSealer : IDisposable
{
    private readonly FrameKey _key;
    private readonly FrameNonces _nonces;

    private FrameSealer(FrameKey key, FrameNonces nonces)
    {
        _key = key;
        _nonces = nonces;
    }

    /// <summary>
    /// A sealer with a raw key that other processes may have too; the other way to a sealer is
    /// <see cref="FrameSenderContext.Sealer"/>. Its nonces are 8 random octets of its own and a counter
    /// of 32 bits: it ends after 2^32 frames, and among n sealers over the life of a key two share their 8 octets with a
    /// chance below n^2 / 2^65.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public static FrameSealer FromKeyFile(KeyFile file) => FromKeyFile(file, ShortAesGcm.IsAccelerated);

    internal static FrameSealer FromKeyFile(KeyFile file, bool accelerated, FrameNonces? nonces = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new FrameSealer(FrameKey.FromKeyFile(file, accelerated), nonces ?? FrameNonces.OfRandomSender());
    }

    /// <summary>The sealer with the key that follows from a pair secret. Its nonces count from 1, so there must never be a
    /// second: <see cref="FrameSenderContext"/> sees to that.</summary>
    internal static FrameSealer OfOnlySender(
        ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated, FrameNonces? nonces = null) =>
        new(FrameKey.FromPairSecret(pairSecret, suite, epoch, accelerated), nonces ?? FrameNonces.OfOnlySender());

    /// <summary>Seals a frame.</summary>
    /// <param name="header">Of its flags only <see cref="UdpFrameFlags.Request"/> counts: the others, and the key id,
    /// follow from the key.</param>
    /// <param name="tlvs">The TLVs. They may lie where their ciphertext goes, at octet 32 of the frame, but must not
    /// overlap the frame otherwise.</param>
    /// <param name="frame">Receives the frame; at least 48 octets more than the TLVs.</param>
    /// <param name="size">Octets of the frame.</param>
    /// <returns>False if the numbers of this sealer are used up: nothing is written, and nothing will be.</returns>
    /// <exception cref="ArgumentException">The TLVs are not well-formed, there is no room for the frame, or the two
    /// overlap otherwise.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public bool TrySeal(in UdpFrameHeader header, ReadOnlySpan<byte> tlvs, Span<byte> frame, out int size)
    {
        size = 0;
        int needed = UdpFrame.SealedOverhead + tlvs.Length;
        if (frame.Length < needed)
            throw new ArgumentException($"A frame takes {UdpFrame.SealedOverhead} octets more than its TLVs.", nameof(frame));
        frame = frame[..needed];
        if (tlvs.Overlaps(frame, out int offset) && offset != -UdpFrame.CiphertextOffset)
            throw new ArgumentException("The TLVs overlap the frame elsewhere than where they go.", nameof(frame));
        if (!TlvReader.IsWellFormed(tlvs))
            throw new ArgumentException("The TLVs are not well-formed.", nameof(tlvs));
        if (!_key.TrySeal(_nonces, header, tlvs, frame))
            return false;
        size = needed;
        return true;
    }

    /// <summary>Ends its use: the key is zeroed, by the last thread that is sealing, if any is.</summary>
    public void Dispose() => _key.Dispose();
}
