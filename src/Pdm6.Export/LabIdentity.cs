using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Export;

/// <summary>
/// Who an agent and a collector are to each other without registration: two P-256 keys derived from the shared
/// key file. A user copies one file and nothing else; whoever holds that file can read and forge anyway. The
/// certificates are made in memory at start and mean nothing beyond the key that they carry: the peer is checked by
/// that key alone.
/// </summary>
public sealed class LabIdentity : IPeerIdentity, IDisposable
{
    private const string EcPublicKeyOid = "1.2.840.10045.2.1";

    private static ReadOnlySpan<byte> CollectorLabel => "pdm6 v1 lab collector tls"u8;
    private static ReadOnlySpan<byte> AgentLabel => "pdm6 v1 lab agent tls"u8;

    // The named-curve parameter of SubjectPublicKeyInfo: OID 1.2.840.10045.3.1.7, secp256r1 (RFC 5480 section 2.1.1.1).
    private static ReadOnlySpan<byte> P256Parameters => [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    private readonly byte[] _peerPoint;

    private LabIdentity(X509Certificate2 certificate, byte[] peerPoint)
    {
        Certificate = certificate;
        _peerPoint = peerPoint;
    }

    /// <inheritdoc/>
    public X509Certificate2 Certificate { get; }

    /// <inheritdoc/>
    public string Advice => "copy the same key file to both hosts";

    /// <summary>The identity of an agent, whose peer is the collector.</summary>
    /// <param name="keyFileSecret">The 32 octets of the key file.</param>
    public static LabIdentity ForAgent(ReadOnlySpan<byte> keyFileSecret) =>
        Create(keyFileSecret, AgentLabel, CollectorLabel, "pdm6 laboratory agent");

    /// <summary>The identity of a collector, whose peers are agents.</summary>
    /// <param name="keyFileSecret">The 32 octets of the key file.</param>
    public static LabIdentity ForCollector(ReadOnlySpan<byte> keyFileSecret) =>
        Create(keyFileSecret, CollectorLabel, AgentLabel, "pdm6 laboratory collector");

    /// <summary>
    /// True if the certificate carries the peer's derived key. The handshake proves that the peer holds the private
    /// half; names and dates of the certificate do not matter.
    /// </summary>
    public bool IsPeer(X509Certificate? certificate) =>
        certificate is not null
        && certificate.GetKeyAlgorithm() == EcPublicKeyOid
        && certificate.GetKeyAlgorithmParameters().AsSpan().SequenceEqual(P256Parameters)
        && certificate.GetPublicKey().AsSpan().SequenceEqual(_peerPoint);

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static LabIdentity Create(
        ReadOnlySpan<byte> keyFileSecret, ReadOnlySpan<byte> ownLabel, ReadOnlySpan<byte> peerLabel, string name)
    {
        using ECDsa peer = DeriveKey(keyFileSecret, peerLabel);
        using ECDsa own = DeriveKey(keyFileSecret, ownLabel);
        CertificateRequest request = new($"CN={name}", own, HashAlgorithmName.SHA256);
        // RFC 5280 section 4.1.2.5: a certificate without a well-defined expiration date ends in 9999.
        using X509Certificate2 made = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        ECPoint point = peer.ExportParameters(includePrivateParameters: false).Q;
        return new LabIdentity(new X509Certificate2(made), [0x04, .. point.X!, .. point.Y!]);
    }

    private static ECDsa DeriveKey(ReadOnlySpan<byte> keyFileSecret, ReadOnlySpan<byte> label)
    {
        Span<byte> seed = stackalloc byte[P256Scalar.SeedSize];
        byte[] scalar = GC.AllocateArray<byte>(P256Scalar.Size, pinned: true);
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, keyFileSecret, seed, salt: [], info: label);
            P256Scalar.FromSeed(seed, scalar);
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(scalar);
        }
    }
}
