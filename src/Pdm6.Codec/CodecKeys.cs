using Pdm6.Security;
using Pdm6.Security.Frames;
using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>
/// The secrets that a run of the codec holds, and what is derived from them. The last session and the last frame key are
/// kept, because lines of one session come in runs. Everything is zeroed on <see cref="Dispose"/>. Not for several
/// threads.
/// </summary>
public sealed class CodecKeys : IDisposable
{
    private readonly KeyFile? _pairSecret;
    private readonly KeyFile? _frameKey;
    private readonly Last<(Suite, ushort), PairOpener> _pairOpeners = new();
    private readonly Last<(Suite, ushort), UnsafeExplicitNumberOptions> _optionSealers = new();
    private readonly Last<(Suite, ushort), FrameOpener> _openers = new();
    private readonly Last<(Suite, ushort), UnsafeExplicitNonceFrames> _sealers = new();
    private readonly FrameOpener? _rawOpener;
    private readonly UnsafeExplicitNonceFrames? _rawSealer;

    private CodecKeys(KeyFile? pairSecret, KeyFile? frameKey)
    {
        _pairSecret = pairSecret;
        _frameKey = frameKey;
        if (frameKey is null)
            return;
        _rawOpener = FrameOpener.FromKeyFile(frameKey);
        _rawSealer = UnsafeExplicitNonceFrames.FromKeyFile(frameKey);
    }

    /// <summary>Loads the files that are named.</summary>
    /// <param name="pairSecretFile">A file with a pair secret, or null.</param>
    /// <param name="keyFile">A file with a raw frame key, or null.</param>
    /// <exception cref="KeyFileException">A file cannot be used. The message says what to do.</exception>
    public static CodecKeys Load(string? pairSecretFile, string? keyFile)
    {
        KeyFile? pairSecret = pairSecretFile is null ? null : KeyFile.Load(pairSecretFile);
        try
        {
            return new CodecKeys(pairSecret, keyFile is null ? null : KeyFile.Load(keyFile));
        }
        catch (KeyFileException)
        {
            pairSecret?.Dispose();
            throw;
        }
    }

    /// <summary>Secrets that are in no file: those of test vectors.</summary>
    internal static CodecKeys OfKnownSecrets(byte[]? pairSecret, byte[]? frameKey) => new(
        pairSecret is null ? null : KeyFile.OfKnownSecret(pairSecret),
        frameKey is null ? null : KeyFile.OfKnownSecret(frameKey));

    /// <summary>Zeroes every secret.</summary>
    public void Dispose()
    {
        _pairOpeners.Dispose();
        _optionSealers.Dispose();
        _openers.Dispose();
        _sealers.Dispose();
        _rawOpener?.Dispose();
        _rawSealer?.Dispose();
        _pairSecret?.Dispose();
        _frameKey?.Dispose();
    }

    /// <summary>What opens options; null without a pair secret.</summary>
    internal PairOpener? OptionsOpener(Suite suite, ushort epoch) => _pairSecret is null
        ? null
        : _pairOpeners.Get((suite, epoch), _ => PairOpener.FromPairSecret(_pairSecret.Secret, suite, epoch));

    /// <summary>What seals options under given numbers; null without a pair secret.</summary>
    internal UnsafeExplicitNumberOptions? OptionsSealer(Suite suite, ushort epoch) => _pairSecret is null
        ? null
        : _optionSealers.Get(
            (suite, epoch), _ => UnsafeExplicitNumberOptions.FromPairSecret(_pairSecret.Secret, suite, epoch));

    /// <summary>What opens a frame; null if no key is held for it.</summary>
    internal FrameOpener? Opener(in UdpFrameHeader header, Suite suite)
    {
        if (!IsDerived(header))
            return _rawOpener;
        ushort epoch = header.KeyId;
        return epoch >= EpochTimetable.EpochCount
            ? null
            : _openers.Get((suite, epoch), _ => FrameOpener.FromPairSecret(_pairSecret!.Secret, suite, epoch));
    }

    /// <summary>What seals a frame under a given nonce; null if no key is held for it.</summary>
    internal UnsafeExplicitNonceFrames? Sealer(in UdpFrameHeader header, Suite suite)
    {
        if (!IsDerived(header))
            return _rawSealer;
        ushort epoch = header.KeyId;
        return epoch >= EpochTimetable.EpochCount
            ? null
            : _sealers.Get((suite, epoch), _ => UnsafeExplicitNonceFrames.FromPairSecret(_pairSecret!.Secret, suite, epoch));
    }

    /// <summary>The pair secret serves frames that name a key; the raw key all others, and without a pair secret these
    /// too.</summary>
    private bool IsDerived(in UdpFrameHeader header) =>
        _pairSecret is not null && (header.Flags & UdpFrameFlags.KeyId) != 0;
}
