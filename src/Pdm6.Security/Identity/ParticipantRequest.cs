using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Security.Identity;

/// <summary>
/// A request for a certificate (PKCS #10, RFC 2986) whose signature holds: who sent it has the private key. Only the
/// key is taken from it; name, role and prefixes are the authority's to say.
/// <code>
/// CertificationRequest ::= SEQUENCE { SEQUENCE { version, subject, subjectPKInfo, [0] attributes },
///                                     signatureAlgorithm, signature BIT STRING }
/// </code>
/// </summary>
public sealed class ParticipantRequest
{
    /// <summary>The longest request that is looked at, octets.</summary>
    public const int LongestSize = 4096;

    private const string NotARequest = "This is not a certificate request: send PKCS #10 in DER, signed with SHA-256 by the P-256 key in it.";

    private static readonly Asn1Tag s_attributes = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private ParticipantRequest(byte[] publicKeyInfo)
    {
        Key = PublicKey.CreateFromSubjectPublicKeyInfo(publicKeyInfo, out _);
        IdentityFingerprint = Fingerprint.Of(publicKeyInfo);
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of its key.</summary>
    public Fingerprint IdentityFingerprint { get; }

    internal PublicKey Key { get; }

    /// <summary>Reads DER from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> der, [NotNullWhen(true)] out ParticipantRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        try
        {
            if (der.Length <= LongestSize)
                request = Read(new AsnReader(der.ToArray(), AsnEncodingRules.DER));
        }
        catch (AsnContentException)
        {
            // Not DER, or DER of something else: the answer is no.
        }
        error = request is null ? NotARequest : null;
        return request is not null;
    }

    /// <exception cref="AsnContentException">It is something else.</exception>
    private static ParticipantRequest? Read(AsnReader file)
    {
        AsnReader request = file.ReadSequence();
        file.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> signed = request.PeekEncodedValue();
        AsnReader fields = request.ReadSequence();
        string algorithm = request.ReadSequence().ReadObjectIdentifier();
        byte[] signature = request.ReadBitString(out int unused);
        request.ThrowIfNotEmpty();

        if (fields.ReadInteger() != 0 || unused != 0)
            return null;
        fields.ReadSequence(); // the subject
        byte[] publicKeyInfo = fields.ReadEncodedValue().ToArray();
        fields.ReadSetOf(skipSortOrderValidation: true, s_attributes);
        fields.ThrowIfNotEmpty();
        if (algorithm != Oids.EcdsaSha256 || !EllipticKey.TryRead(publicKeyInfo, out ECDsa? key))
            return null;
        using (key)
            return key.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                ? new ParticipantRequest(publicKeyInfo)
                : null;
    }
}
