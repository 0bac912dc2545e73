using System.Formats.Asn1;

namespace Pdm6.Security.Identity;

/// <summary>
/// The fields of a certificate (RFC 5280 section 4.1), strict DER, nothing judged:
/// <code>
/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
/// tbsCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
///                               subjectPublicKeyInfo, [3] extensions }
/// </code>
/// The unique identifiers of version 2 are refused, and so is a certificate without extensions.
/// </summary>
internal sealed class CertificateFields
{
    private const int Version3 = 2;

    private static readonly Asn1Tag s_version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag s_extensions = new(TagClass.ContextSpecific, 3);

    private readonly Dictionary<string, (bool IsCritical, ReadOnlyMemory<byte> Value)> _extensions = [];

    /// <summary>Reads DER.</summary>
    /// <exception cref="AsnContentException">These are no octets of a certificate.</exception>
    public CertificateFields(ReadOnlyMemory<byte> der)
    {
        AsnReader file = new(der, AsnEncodingRules.DER);
        AsnReader certificate = file.ReadSequence();
        file.ThrowIfNotEmpty();
        Signed = certificate.PeekEncodedValue();
        AsnReader fields = certificate.ReadSequence();
        AsnReader algorithm = certificate.ReadSequence();
        SignatureAlgorithm = algorithm.ReadObjectIdentifier();
        Signature = certificate.ReadBitString(out int unused);
        certificate.ThrowIfNotEmpty();

        AsnReader version = fields.ReadSequence(s_version);
        if (!version.TryReadInt32(out int number) || number != Version3 || unused != 0)
            throw new AsnContentException("Not a certificate of version 3.");
        fields.ReadIntegerBytes();
        if (fields.ReadSequence().ReadObjectIdentifier() != SignatureAlgorithm)
            throw new AsnContentException("The two names of the signature's algorithm differ.");
        Issuer = fields.ReadEncodedValue();
        AsnReader validity = fields.ReadSequence();
        (NotBefore, NotAfter) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        Subject = fields.ReadEncodedValue();
        PublicKeyInfo = fields.ReadEncodedValue();
        AsnReader extensions = fields.ReadSequence(s_extensions);
        fields.ThrowIfNotEmpty();
        ReadExtensions(extensions.ReadSequence());
        extensions.ThrowIfNotEmpty();
    }

    /// <summary>What the signature is of.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    public string SignatureAlgorithm { get; }

    public byte[] Signature { get; }

    /// <summary>The issuer's name, DER.</summary>
    public ReadOnlyMemory<byte> Issuer { get; }

    /// <summary>The subject's name, DER.</summary>
    public ReadOnlyMemory<byte> Subject { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <summary>The identifiers of the critical extensions.</summary>
    public IEnumerable<string> CriticalExtensions => _extensions.Where(entry => entry.Value.IsCritical).Select(entry => entry.Key);

    /// <summary>A reader of an extension's value; null if there is no such extension.</summary>
    /// <exception cref="AsnContentException">The value is not DER.</exception>
    public AsnReader? Extension(string oid) =>
        _extensions.TryGetValue(oid, out var entry) ? new AsnReader(entry.Value, AsnEncodingRules.DER) : null;

    private void ReadExtensions(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            string oid = extension.ReadObjectIdentifier();
            bool isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            byte[] value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            if (!_extensions.TryAdd(oid, (isCritical, value)))
                throw new AsnContentException($"Extension {oid} is there twice.");
        }
    }

    // RFC 5280 section 4.1.2.5: UTCTime until the year 2049, GeneralizedTime from then on.
    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
