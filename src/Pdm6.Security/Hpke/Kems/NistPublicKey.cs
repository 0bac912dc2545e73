using System.Security.Cryptography;

namespace Pdm6.Security.Kems;

/// <summary>A point of a NIST curve. The platform's key holds no secret and is left to its finalizer.</summary>
internal sealed class NistPublicKey(byte[] octets, ECDiffieHellmanPublicKey key) : DiffieHellmanPublicKey(octets)
{
    public ECDiffieHellmanPublicKey Key => key;
}
