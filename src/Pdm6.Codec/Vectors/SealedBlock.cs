using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors;

/// <summary>A sealed metric block with every value on the way to it, computed step by step as the protocol reference
/// writes it down (section 6), beside the code that the codec uses.</summary>
internal sealed class SealedBlock
{
    private readonly byte[] _key, _baseNonce = new byte[Nonce.Size], _nonce = new byte[Nonce.Size];
    private readonly byte[] _associatedData, _plaintext = new byte[PdmMetrics.Size];

    public SealedBlock(
        FlowKey flow, Suite suite, ushort epoch, Carriage carriage, uint psntp, byte[] associatedData, PdmMetrics metrics)
    {
        PairSecret = Sample.PairSecretOf(flow);
        _key = new byte[Suites.KeySize(suite)];
        _associatedData = associatedData;
        KeyDerivation.SessionKey(PairSecret, suite, epoch, _key, _baseNonce);
        Nonce.Build(_baseNonce, flow, carriage, epoch, psntp, _nonce);
        metrics.Write(_plaintext);
        using ShortAesGcm gcm = ShortAesGcm.Create(_key);
        gcm.Seal(_nonce, _associatedData, _plaintext, Ciphertext, Tag);
    }

    public byte[] PairSecret { get; }
    public byte[] Ciphertext { get; } = new byte[PdmMetrics.Size];
    public byte[] Tag { get; } = new byte[ShortAesGcm.TagSize];

    public IReadOnlyList<(string, byte[])> Steps =>
    [
        ("baseSecret", Sample.BaseSecret), ("pairSecret", PairSecret), ("key", _key), ("baseNonce", _baseNonce),
        ("nonce", _nonce), ("associatedData", _associatedData), ("plaintext", _plaintext), ("ciphertext", Ciphertext),
        ("tag", Tag),
    ];
}
