using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Security.Identity;

/// <summary>
/// A request for a certificate (PKCS #10, RFC 2986) whose signature holds: who sent it has the private key. Only the
/// key is taken from it; name, role and prefixes are the authority's to say.
/// </summary>
public sealed class ParticipantRequest
{
    /// <summary>The longest request that is looked at, octets.</summary>
    public const int LongestSize = 4096;

    private ParticipantRequest(PublicKey key, Fingerprint identity) => (Key, IdentityFingerprint) = (key, identity);

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of its key.</summary>
    public Fingerprint IdentityFingerprint { get; }

    internal PublicKey Key { get; }

    /// <summary>Reads DER from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> der, [NotNullWhen(true)] out ParticipantRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        error = "This is not a certificate request: send PKCS #10 in DER, signed by the key in it.";
        if (der.Length > LongestSize)
            return false;
        CertificateRequest read;
        int used;
        try
        {
            read = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, out used);
        }
        catch (CryptographicException)
        {
            return false;
        }
        if (used != der.Length)
            return false;
        byte[] publicKeyInfo = read.PublicKey.ExportSubjectPublicKeyInfo();
        if (!EllipticKey.TryRead(publicKeyInfo, out ECDsa? key))
        {
            error = "The key of the certificate request is not a P-256 key: make one with 'pdm6 enroll'.";
            return false;
        }
        key.Dispose();
        request = new ParticipantRequest(read.PublicKey, Fingerprint.Of(publicKeyInfo));
        error = null;
        return true;
    }
}
