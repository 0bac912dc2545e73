using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors;

/// <summary>A sealed udp-frame with every value on the way to it, put together field by field (protocol reference,
/// section 4), beside the code that the codec uses.</summary>
internal sealed class SealedFrame
{
    private readonly byte[] _nonce, _associatedData = new byte[UdpFrameHeader.Size], _plaintext, _ciphertext;
    private readonly byte[] _tag = new byte[ShortAesGcm.TagSize];

    public SealedFrame(byte[] key, UdpFrameHeader header, byte[] nonce, byte[] tlvs)
    {
        _nonce = nonce;
        _plaintext = tlvs;
        _ciphertext = new byte[tlvs.Length];
        header.Write(_associatedData);
        using ShortAesGcm gcm = ShortAesGcm.Create(key);
        gcm.Seal(nonce, _associatedData, tlvs, _ciphertext, _tag);
    }

    public byte[] Octets =>
    [
        .. _associatedData, .. _nonce, 0, 0, (byte)(_ciphertext.Length >> 8), (byte)_ciphertext.Length, .. _ciphertext, .. _tag,
    ];

    public IReadOnlyList<(string, byte[])> Steps =>
    [
        ("nonce", _nonce), ("associatedData", _associatedData), ("plaintext", _plaintext), ("ciphertext", _ciphertext),
        ("tag", _tag),
    ];
}
