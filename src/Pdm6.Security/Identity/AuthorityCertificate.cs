using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>
/// The certificate of an authority, which people trust because they chose to: its fingerprint is part of every token, or
/// its file was named. It may be the registrar's own or an operator's; ECDSA on a NIST curve, or RSA. For any thread.
/// </summary>
public sealed class AuthorityCertificate
{
    /// <summary>The longest certificate that is looked at, octets.</summary>
    public const int LongestSize = 16 * 1024;

    private const int SmallestRsaBits = 2048;

    private readonly CertificateFields _fields;
    private readonly byte[] _der;

    private AuthorityCertificate(byte[] der, CertificateFields fields)
    {
        (_der, _fields) = (der, fields);
        Prefixes = fields.Extension(Oids.IpAddressBlocks) is { } blocks ? AddressBlocks.Decode(blocks) : [];
        Fingerprint = Fingerprint.Of(fields.PublicKeyInfo.Span);
    }

    /// <summary>The certificate, DER.</summary>
    public ReadOnlyMemory<byte> Der => _der;

    /// <summary>SHA-256 of the SubjectPublicKeyInfo.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>The prefixes that it may hand on to others (RFC 3779), ascending, none inside another.</summary>
    public IReadOnlyList<Ipv6Prefix> Prefixes { get; }

    /// <summary>Since when it is valid.</summary>
    public DateTimeOffset NotBefore => _fields.NotBefore;

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset NotAfter => _fields.NotAfter;

    /// <summary>Reads DER from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> der, [NotNullWhen(true)] out AuthorityCertificate? authority, [NotNullWhen(false)] out string? error)
    {
        authority = null;
        if (der.Length > LongestSize)
        {
            error = $"The certificate has more than {LongestSize} octets.";
            return false;
        }
        try
        {
            byte[] copy = der.ToArray();
            CertificateFields fields = new(copy);
            error = !MaySignCertificates(fields) ? "This is not the certificate of an authority: name the one that issued the others."
                : !HasUsableKey(fields) ? "The authority's key is neither ECDSA on a NIST curve nor RSA of 2048 bits and more."
                : null;
            if (error is null)
                authority = new AuthorityCertificate(copy, fields);
        }
        catch (AsnContentException malformed)
        {
            error = $"Not a certificate: {malformed.Message}";
        }
        return authority is not null;
    }

    /// <summary>Reads a certificate file: DER, or PEM blocks of which the first that is an authority's counts, as
    /// <c>pdm6 keys export</c> writes them. Never throws for what is in it.</summary>
    public static bool TryReadFile(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out AuthorityCertificate? authority, [NotNullWhen(false)] out string? error)
    {
        if (!PemEncoding.TryFindUtf8(file, out PemFields fields))
            return TryParse(file, out authority, out error);
        do
        {
            byte[] der = new byte[fields.DecodedDataLength];
            if (Base64.DecodeFromUtf8(file[fields.Base64Data], der, out _, out int size) != OperationStatus.Done)
                break;
            if (TryParse(der.AsSpan(0, size), out authority, out error))
                return true;
            file = file[fields.Location.End.GetOffset(file.Length)..];
        }
        while (PemEncoding.TryFindUtf8(file, out fields));
        authority = null;
        error = "There is no certificate of an authority in it: name the file 'authority.crt' of an identity directory.";
        return false;
    }

    /// <summary>True if this authority's key signed the certificate and it names this authority as its issuer.</summary>
    internal bool HasIssued(CertificateFields certificate)
    {
        if (!certificate.Issuer.Span.SequenceEqual(_fields.Subject.Span))
            return false;
        using AsymmetricAlgorithm? key = ReadKey(_fields.PublicKeyInfo);
        ReadOnlySpan<byte> octets = certificate.Signed.Span, signature = certificate.Signature;
        return (key, certificate.SignatureAlgorithm) switch
        {
            (ECDsa ec, Oids.EcdsaSha256) => Verify(ec, octets, signature, HashAlgorithmName.SHA256),
            (ECDsa ec, Oids.EcdsaSha384) => Verify(ec, octets, signature, HashAlgorithmName.SHA384),
            (ECDsa ec, Oids.EcdsaSha512) => Verify(ec, octets, signature, HashAlgorithmName.SHA512),
            (RSA rsa, Oids.RsaSha256) => Verify(rsa, octets, signature, HashAlgorithmName.SHA256),
            (RSA rsa, Oids.RsaSha384) => Verify(rsa, octets, signature, HashAlgorithmName.SHA384),
            (RSA rsa, Oids.RsaSha512) => Verify(rsa, octets, signature, HashAlgorithmName.SHA512),
            _ => false,
        };
    }

    private static bool MaySignCertificates(CertificateFields fields)
    {
        if (fields.Extension(Oids.BasicConstraints)?.ReadSequence() is not { HasData: true } constraints
            || !constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) || !constraints.ReadBoolean())
            return false;
        return fields.Extension(Oids.KeyUsage) is not { } usage
            || usage.ReadNamedBitListValue<KeyUsageBits>().HasFlag(KeyUsageBits.KeyCertSign);
    }

    private static bool HasUsableKey(CertificateFields fields)
    {
        using AsymmetricAlgorithm? key = ReadKey(fields.PublicKeyInfo);
        return key is ECDsa or RSA { KeySize: >= SmallestRsaBits };
    }

    /// <summary>The key, or null if it is of an algorithm that is not used here or makes no sense.</summary>
    private static AsymmetricAlgorithm? ReadKey(ReadOnlyMemory<byte> publicKeyInfo)
    {
        string algorithm = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier();
        AsymmetricAlgorithm? key = algorithm switch
        {
            Oids.EllipticPublicKey => ECDsa.Create(),
            Oids.RsaPublicKey => RSA.Create(),
            _ => null,
        };
        try
        {
            key?.ImportSubjectPublicKeyInfo(publicKeyInfo.Span, out _);
            return key;
        }
        catch (Exception unusable) when (unusable is CryptographicException or PlatformNotSupportedException)
        {
            // A curve that the platform does not know, a point that is not on it, and the like.
            key?.Dispose();
            return null;
        }
    }

    private static bool Verify(ECDsa key, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature, HashAlgorithmName hash) =>
        key.VerifyData(octets, signature, hash, DSASignatureFormat.Rfc3279DerSequence);

    private static bool Verify(RSA key, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature, HashAlgorithmName hash) =>
        key.VerifyData(octets, signature, hash, RSASignaturePadding.Pkcs1);
}
