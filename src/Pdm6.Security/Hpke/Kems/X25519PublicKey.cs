using Pdm6.Security.Native;

namespace Pdm6.Security.Kems;

/// <summary>A point of Curve25519. libcrypto's key holds no secret and is left to its finalizer.</summary>
internal sealed class X25519PublicKey(byte[] octets, EvpKeyHandle key) : DiffieHellmanPublicKey(octets)
{
    public EvpKeyHandle Key => key;
}
