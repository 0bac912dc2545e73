using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>Two private keys that follow from one seed.</summary>
internal sealed class MlKem768P256PrivateKey : KemPrivateKey
{
    private readonly MLKem _decapsulationKey;
    // The platform promises nothing about a key that several threads use at once.
    private readonly Lock _turn = new();

    /// <param name="seed">What both follow from.</param>
    /// <param name="decapsulationKey">From now on its own.</param>
    /// <param name="scalar">From now on its own.</param>
    /// <param name="provider">Where ML-KEM comes from.</param>
    public MlKem768P256PrivateKey(
        ReadOnlySpan<byte> seed, MLKem decapsulationKey, NistPrivateKey scalar, IMlKem768 provider)
        : base(seed)
    {
        _decapsulationKey = decapsulationKey;
        Scalar = scalar;
        byte[] encapsulationKey = decapsulationKey.ExportEncapsulationKey();
        // Imported again, so that the public half outlives the private one without keeping it in memory.
        PublicKey = new MlKem768P256PublicKey(
            [.. encapsulationKey, .. scalar.PublicKey.Octets], provider.ImportEncapsulationKey(encapsulationKey),
            (NistPublicKey)scalar.PublicKey);
    }

    public NistPrivateKey Scalar { get; }
    public override KemPublicKey PublicKey { get; }

    public void DecapsulateMlKem(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        lock (_turn)
            _decapsulationKey.Decapsulate(ciphertext, secret);
    }

    public override void Dispose()
    {
        base.Dispose();
        Scalar.Dispose();
        _decapsulationKey.Dispose();
    }
}
