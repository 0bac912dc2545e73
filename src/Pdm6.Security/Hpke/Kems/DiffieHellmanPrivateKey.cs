namespace Pdm6.Security.Kems;

/// <summary>A private key of a group.</summary>
internal abstract class DiffieHellmanPrivateKey(ReadOnlySpan<byte> octets) : KemPrivateKey(octets)
{
    /// <summary>The octets of <see cref="KemPrivateKey.PublicKey"/>, without the price of its import: an ephemeral key
    /// needs no more.</summary>
    public abstract ReadOnlySpan<byte> PublicOctets { get; }

    /// <summary>The Diffie-Hellman function. Safe for use by several threads.</summary>
    /// <param name="peer">Of the same group.</param>
    /// <param name="agreement">Receives what the two agree on; the caller zeroes it.</param>
    /// <returns>False if that would be known to everybody.</returns>
    public abstract bool TryAgree(KemPublicKey peer, Span<byte> agreement);
}
