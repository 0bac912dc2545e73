using System.Security.Cryptography;
using Pdm6.Security.Frames;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Opens udp-frames (protocol reference, sections 4 and 6). Hostile bytes never throw. Opening is safe from several threads.
/// Where <see cref="ShortAesGcm.IsAccelerated"/> it allocates nothing, whatever comes; elsewhere a wrong tag has the price
/// that <see cref="ShortAesGcm"/> names.
/// </summary>
public sealed class FrameOpener : IDisposable
{
    private readonly FrameKey _key;

    private FrameOpener(FrameKey key) => _key = key;

    /// <summary>An opener with a raw key. It opens whatever was sealed with that key; a key id is authenticated, but says
    /// nothing to it. The key outlives every process that seals with it, so frames of former ones open too: besides a
    /// <see cref="ReplayWindow"/> for each <see cref="FrameNumber.Sender"/> a receiver must refuse time stamps that are
    /// old, because a window that it gave up, or lost at its own restart, does not know what it took.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public static FrameOpener FromKeyFile(KeyFile file) => FromKeyFile(file, ShortAesGcm.IsAccelerated);

    /// <summary>An opener with the key that follows from a pair secret: for frames whose key id is the epoch.</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="suite">The context's suite.</param>
    /// <param name="epoch">The epoch, 12 bits.</param>
    /// <exception cref="ArgumentException">The secret has another length, the epoch more than 12 bits, or there is no
    /// such suite.</exception>
    public static FrameOpener FromPairSecret(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch) =>
        FromPairSecret(pairSecret, suite, epoch, ShortAesGcm.IsAccelerated);

    internal static FrameOpener FromKeyFile(KeyFile file, bool accelerated)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new FrameOpener(FrameKey.FromKeyFile(file, accelerated));
    }

    internal static FrameOpener FromPairSecret(
        ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated) =>
        new(FrameKey.FromPairSecret(pairSecret, suite, epoch, accelerated));

    /// <summary>Opens a frame. Anything but <see cref="FrameOpenResult.Opened"/> leaves the outputs 0, and no TLVs:
    /// what was written of them is zeroed.</summary>
    /// <param name="payload">The whole UDP payload.</param>
    /// <param name="tlvs">Receives the TLVs. What needs more room is <see cref="FrameOpenResult.TooLong"/>: 48 octets less
    /// than the longest payload are always enough. Must not overlap the payload.</param>
    /// <param name="header">Its header.</param>
    /// <param name="tlvsSize">Octets of the TLVs.</param>
    /// <param name="number">Who sealed it, and with which number: what a <see cref="ReplayWindow"/> wants to know.</param>
    /// <exception cref="ArgumentException">The TLVs overlap the payload.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public FrameOpenResult TryOpen(
        ReadOnlySpan<byte> payload, Span<byte> tlvs, out UdpFrameHeader header, out int tlvsSize,
        out FrameNumber number)
    {
        _key.ThrowIfDisposed();
        if (payload.Overlaps(tlvs))
            throw new ArgumentException("The TLVs overlap the payload.", nameof(tlvs));
        FrameOpenResult result = Read(payload, tlvs.Length, out UdpFrameView frame);
        header = default;
        tlvsSize = 0;
        number = default;
        if (result != FrameOpenResult.Opened)
            return result;
        Span<byte> text = tlvs[..frame.Ciphertext.Length];
        if (!_key.TryOpen(frame, text))
            return FrameOpenResult.AuthenticationFailed;
        if (!TlvReader.IsWellFormed(text))
        {
            CryptographicOperations.ZeroMemory(text);
            return FrameOpenResult.Malformed;
        }
        header = frame.Header;
        tlvsSize = text.Length;
        number = FrameNumber.Read(frame.Nonce, ofOnlySender: _key.KeyId is not null);
        return FrameOpenResult.Opened;
    }

    /// <summary>As the other <see cref="TryOpen(ReadOnlySpan{byte}, Span{byte}, out UdpFrameHeader, out int, out
    /// FrameNumber)"/>, for who takes frames that come again.</summary>
    public FrameOpenResult TryOpen(
        ReadOnlySpan<byte> payload, Span<byte> tlvs, out UdpFrameHeader header, out int tlvsSize) =>
        TryOpen(payload, tlvs, out header, out tlvsSize, out _);

    /// <summary>Ends its use: the key is zeroed, by the last thread that is opening, if any is.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>What can be said without the key; <see cref="FrameOpenResult.Opened"/> if only the tag can tell.</summary>
    private FrameOpenResult Read(ReadOnlySpan<byte> payload, int room, out UdpFrameView frame) =>
        UdpFrameView.TryRead(payload, out frame) switch
        {
            UdpFrameReadStatus.UnknownVersion => FrameOpenResult.UnknownVersion,
            UdpFrameReadStatus.Malformed => FrameOpenResult.Malformed,
            _ when !frame.IsEncrypted => FrameOpenResult.Clear,
            _ when !_key.Serves(frame.Header) => FrameOpenResult.NoKey,
            _ when frame.Ciphertext.Length > room => FrameOpenResult.TooLong,
            _ => FrameOpenResult.Opened,
        };
}
