namespace Pdm6.Security.Kems;

/// <summary>A public key of a group.</summary>
internal abstract class DiffieHellmanPublicKey(byte[] octets) : KemPublicKey(octets);
