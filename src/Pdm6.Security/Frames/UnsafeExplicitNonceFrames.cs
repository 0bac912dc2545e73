using Pdm6.Wire;

namespace Pdm6.Security.Frames;

/// <summary>
/// UNSAFE: seals udp-frames under nonces that the caller names. Two frames under one nonce and key give away both texts
/// and the power to forge. It exists so that the codec can make test vectors, which state their nonces; nothing that
/// sends may use it. <see cref="FrameSealer"/> is the safe one.
/// </summary>
internal sealed class UnsafeExplicitNonceFrames : IDisposable
{
    private readonly FrameKey _key;

    private UnsafeExplicitNonceFrames(FrameKey key) => _key = key;

    public static UnsafeExplicitNonceFrames FromKeyFile(KeyFile file) =>
        new(FrameKey.FromKeyFile(file, ShortAesGcm.IsAccelerated));

    public static UnsafeExplicitNonceFrames FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch) =>
        new(FrameKey.FromPairSecret(pairSecret, suite, epoch, ShortAesGcm.IsAccelerated));

    /// <summary>Writes a frame with exactly this header, nonce and content, be the TLVs well-formed or not.</summary>
    /// <param name="header">The header, with the flag Encrypted.</param>
    /// <param name="nonce">12 octets.</param>
    /// <param name="tlvs">The text.</param>
    /// <param name="frame">A span of exactly the frame's size: 48 octets more than the text.</param>
    public void Seal(in UdpFrameHeader header, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tlvs, Span<byte> frame) =>
        _key.Seal(header, nonce, tlvs, frame);

    public void Dispose() => _key.Dispose();
}
