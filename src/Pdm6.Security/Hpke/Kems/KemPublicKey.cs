namespace Pdm6.Security.Kems;

/// <summary>A validated public key.</summary>
/// <param name="octets">As SerializePublicKey makes them.</param>
internal abstract class KemPublicKey(byte[] octets)
{
    public ReadOnlySpan<byte> Octets => octets;
}
