using System.Formats.Asn1;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>
/// What a participant's certificate says beyond X.509: the common name is the participant's name, a URI
/// <c>urn:pdm6:endpoint:NAME</c> or <c>urn:pdm6:analyzer:NAME</c> is its only alternative name and gives its role, and
/// the address blocks of RFC 3779, if any, are critical.
/// </summary>
internal readonly record struct ParticipantProfile(string Name, Role Role, IReadOnlyList<Ipv6Prefix> Prefixes)
{
    private const string EndpointUrn = "urn:pdm6:endpoint:", AnalyzerUrn = "urn:pdm6:analyzer:";

    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);
    private static readonly string[] s_understood =
        [Oids.KeyUsage, Oids.ExtendedKeyUsage, Oids.BasicConstraints, Oids.SubjectAlternativeName, Oids.IpAddressBlocks];

    /// <summary>Reads the profile of a certificate.</summary>
    /// <exception cref="AsnContentException">It is not a participant's.</exception>
    public static ParticipantProfile Read(CertificateFields fields)
    {
        string name = ReadName(fields.Subject);
        AsnReader names = Required(fields, Oids.SubjectAlternativeName).ReadSequence();
        string urn = names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri);
        names.ThrowIfNotEmpty();
        Role? role = urn == EndpointUrn + name ? Role.Endpoint : urn == AnalyzerUrn + name ? Role.Analyzer : null;
        if (role is null)
            throw new AsnContentException("The alternative name gives no role to the name of the subject.");
        if (!Required(fields, Oids.KeyUsage).ReadNamedBitListValue<KeyUsageBits>().HasFlag(KeyUsageBits.DigitalSignature))
            throw new AsnContentException("The key may not sign.");
        if (!ReadPurposes(Required(fields, Oids.ExtendedKeyUsage)).Contains(Oids.ClientAuthentication))
            throw new AsnContentException("The key may not authenticate a client.");
        if (fields.Extension(Oids.BasicConstraints)?.ReadSequence().HasData is true)
            throw new AsnContentException("It is the certificate of an authority.");
        if (fields.CriticalExtensions.Except(s_understood).FirstOrDefault() is { } unknown)
            throw new AsnContentException($"Critical extension {unknown} is not known here.");
        return new ParticipantProfile(
            name, role.Value, fields.Extension(Oids.IpAddressBlocks) is { } blocks ? AddressBlocks.Decode(blocks) : []);
    }

    /// <summary>The alternative name, as an extension's value.</summary>
    public static byte[] EncodeAlternativeName(Role role, string name)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
            writer.WriteCharacterString(
                UniversalTagNumber.IA5String, (role == Role.Endpoint ? EndpointUrn : AnalyzerUrn) + name, s_uri);
        return writer.Encode();
    }

    private static AsnReader Required(CertificateFields fields, string oid) =>
        fields.Extension(oid) ?? throw new AsnContentException($"Extension {oid} is missing.");

    private static string ReadName(ReadOnlyMemory<byte> subject)
    {
        AsnReader parts = new AsnReader(subject, AsnEncodingRules.DER).ReadSequence();
        AsnReader part = parts.ReadSetOf();
        parts.ThrowIfNotEmpty();
        AsnReader attribute = part.ReadSequence();
        part.ThrowIfNotEmpty();
        if (attribute.ReadObjectIdentifier() != Oids.CommonName)
            throw new AsnContentException("The subject is not a common name.");
        UniversalTagNumber kind = attribute.PeekTag().HasSameClassAndValue(new Asn1Tag(UniversalTagNumber.PrintableString))
            ? UniversalTagNumber.PrintableString
            : UniversalTagNumber.UTF8String;
        string name = attribute.ReadCharacterString(kind);
        attribute.ThrowIfNotEmpty();
        return ParticipantName.IsValid(name, out string? error) ? name : throw new AsnContentException($"The subject's name {error}");
    }

    private static HashSet<string> ReadPurposes(AsnReader value)
    {
        AsnReader list = value.ReadSequence();
        HashSet<string> purposes = [];
        while (list.HasData)
            purposes.Add(list.ReadObjectIdentifier());
        return purposes;
    }
}
