using System.Diagnostics.CodeAnalysis;
using Pdm6.Security.Kems;

namespace Pdm6.Security;

/// <summary>A validated public key of a KEM (RFC 9180, sections 4 and 7.1.4). Safe for use by several threads.</summary>
public sealed class HpkePublicKey
{
    internal HpkePublicKey(KemAlgorithm algorithm, KemPublicKey key)
    {
        Algorithm = algorithm;
        Key = key;
        KeyId = HpkeKeyId.Of(key.Octets);
    }

    /// <summary>The mechanism it belongs to.</summary>
    public HpkeKem Kem => Algorithm.Kem;

    /// <summary>The octets of SerializePublicKey: for P-256 65, an uncompressed point; for X25519 32.</summary>
    public ReadOnlySpan<byte> Octets => Key.Octets;

    /// <summary>SHA-256 of <see cref="Octets"/>.</summary>
    public HpkeKeyId KeyId { get; }

    internal KemAlgorithm Algorithm { get; }
    internal KemPublicKey Key { get; }

    /// <summary>Takes a received key. What is no key of the mechanism is refused: wrong lengths, points that are not on the
    /// curve, points that would make the shared secret known to everybody.</summary>
    /// <param name="kem">The mechanism, as received: unknown numbers are refused like wrong octets.</param>
    /// <param name="octets">As SerializePublicKey makes them.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">Otherwise one sentence that says why not.</param>
    public static bool TryImport(
        HpkeKem kem, ReadOnlySpan<byte> octets,
        [NotNullWhen(true)] out HpkePublicKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        if (!KemAlgorithm.IsSupported(kem, out error))
            return false;
        KemAlgorithm algorithm = KemAlgorithm.Of(kem);
        if (octets.Length != algorithm.PublicKeySize)
        {
            error = $"A public key of {algorithm.Name} has {algorithm.PublicKeySize} octets, not {octets.Length}.";
            return false;
        }
        if (algorithm.ImportPublicKey(octets) is not KemPublicKey imported)
        {
            error = $"The octets are not a valid public key of {algorithm.Name}.";
            return false;
        }
        key = new HpkePublicKey(algorithm, imported);
        return true;
    }
}
