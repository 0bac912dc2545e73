using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Security.Identity;

/// <summary>
/// The key by which a participant is known: ECDSA over P-256. It signs what the participant announces, proves who it is
/// in TLS, and outlives its certificates. Not for several threads.
/// </summary>
public sealed class IdentityKey : IDisposable
{
    private const int LongestPkcs8 = 512;
    private const string NotAKey =
        "This is not an identity key: it must be one P-256 private key in PEM (PKCS #8, not encrypted); restore the file, or enrol anew.";

    private readonly ECDsa _key;

    private static ReadOnlySpan<byte> PemLabel => "PRIVATE KEY"u8;

    private IdentityKey(ECDsa key)
    {
        _key = key;
        Fingerprint = Fingerprint.Of(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo: what people pin.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>A fresh key.</summary>
    public static IdentityKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads what <see cref="ToPem"/> writes: a PKCS #8 private key in PEM, not encrypted.</summary>
    /// <param name="pem">ASCII octets of the file; the caller zeroes them.</param>
    /// <exception cref="KeyFileException">It is something else. The message is one line that says what to do.</exception>
    public static IdentityKey FromPem(ReadOnlySpan<byte> pem)
    {
        byte[] pkcs8 = new byte[pem.Length];
        ECDsa key = ECDsa.Create();
        try
        {
            if (PemEncoding.TryFindUtf8(pem, out PemFields fields) && pem[fields.Label].SequenceEqual(PemLabel)
                && Base64.DecodeFromUtf8(pem[fields.Base64Data], pkcs8, out _, out int size) == OperationStatus.Done)
            {
                key.ImportPkcs8PrivateKey(pkcs8.AsSpan(0, size), out _);
                if (EllipticKey.IsP256(key))
                    return new IdentityKey(key);
            }
        }
        catch (CryptographicException cause)
        {
            key.Dispose();
            throw new KeyFileException(NotAKey, cause);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
        key.Dispose();
        throw new KeyFileException(NotAKey);
    }

    /// <summary>The private key as a PKCS #8 document in PEM: ASCII octets. The caller zeroes them.</summary>
    public byte[] ToPem()
    {
        Span<byte> pkcs8 = stackalloc byte[LongestPkcs8];
        try
        {
            if (!_key.TryExportPkcs8PrivateKey(pkcs8, out int size))
                throw new InvalidOperationException($"A P-256 key takes more than {LongestPkcs8} octets.");
            return PemEncoding.WriteUtf8(PemLabel, pkcs8[..size]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Signs label || 0x00 || octets: ECDSA with SHA-256, r || s (IEEE P1363), 64 octets.</summary>
    /// <exception cref="ArgumentException">The label is empty or holds a zero octet.</exception>
    public byte[] Sign(ReadOnlySpan<byte> label, ReadOnlySpan<byte> octets) => LabelledSignature.Sign(_key, label, octets);

    /// <summary>A request for a certificate (PKCS #10, DER), signed by this key, whose subject is this name.</summary>
    /// <exception cref="ArgumentException">Not a name (<see cref="ParticipantName"/>).</exception>
    public byte[] CreateRequest(string name)
    {
        ParticipantName.ThrowIfInvalid(name);
        return new CertificateRequest(DistinguishedName.Of(name), _key, HashAlgorithmName.SHA256).CreateSigningRequest();
    }

    /// <summary>A certificate of this key together with the key, for TLS. The caller disposes it.</summary>
    /// <param name="certificate">DER.</param>
    /// <exception cref="CryptographicException">It is no certificate of this key.</exception>
    /// <exception cref="ArgumentException">It is a certificate of another key.</exception>
    public X509Certificate2 ForTls(ReadOnlySpan<byte> certificate)
    {
        using X509Certificate2 open = X509CertificateLoader.LoadCertificate(certificate);
        return open.CopyWithPrivateKey(_key);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();
}
