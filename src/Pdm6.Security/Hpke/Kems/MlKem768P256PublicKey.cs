using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>Two public keys. The platform's keys hold no secret and are left to their finalizers.</summary>
internal sealed class MlKem768P256PublicKey(byte[] octets, MLKem encapsulationKey, NistPublicKey point) : KemPublicKey(octets)
{
    // The platform promises nothing about a key that several threads use at once.
    private readonly Lock _turn = new();

    public NistPublicKey Point => point;

    public void EncapsulateMlKem(Span<byte> ciphertext, Span<byte> secret)
    {
        lock (_turn)
            encapsulationKey.Encapsulate(ciphertext, secret);
    }
}
