using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>What the certificates here say, before anybody signs them.</summary>
internal static class CertificateProfiles
{
    /// <summary>An authority for every IPv6 address: RFC 3779 section 2.3 wants the blocks of an issuer to hold those of
    /// what it issues.</summary>
    public static CertificateRequest Authority(string name, PublicKey key)
    {
        CertificateRequest request = new(DistinguishedName.Of(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(AddressBlocksExtension([new Ipv6Prefix(default, 0)]));
        return request;
    }

    /// <summary>An endpoint or analyzer.</summary>
    public static CertificateRequest Participant(
        X509Certificate2 authority, PublicKey key, Role role, string name, IReadOnlyList<Ipv6Prefix> prefixes)
    {
        // Analyzers listen too: agents send their observations to them.
        CertificateRequest request = role == Role.Analyzer
            ? Leaf(authority, key, name, Oids.ClientAuthentication, Oids.ServerAuthentication)
            : Leaf(authority, key, name, Oids.ClientAuthentication);
        request.CertificateExtensions.Add(
            new X509Extension(Oids.SubjectAlternativeName, ParticipantProfile.EncodeAlternativeName(role, name), false));
        if (prefixes.Count > 0)
            request.CertificateExtensions.Add(AddressBlocksExtension(prefixes));
        return request;
    }

    /// <summary>The registrar's listener.</summary>
    public static CertificateRequest Server(
        X509Certificate2 authority, PublicKey key, string name, IEnumerable<string> dnsNames, IEnumerable<IPAddress> addresses)
    {
        CertificateRequest request = Leaf(authority, key, name, Oids.ServerAuthentication);
        SubjectAlternativeNameBuilder names = new();
        foreach (string dnsName in dnsNames)
            names.AddDnsName(dnsName);
        foreach (IPAddress address in addresses)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static CertificateRequest Leaf(X509Certificate2 authority, PublicKey key, string name, params string[] purposes)
    {
        CertificateRequest request = new(DistinguishedName.Of(name), key, HashAlgorithmName.SHA256);
        OidCollection extendedUsages = [.. purposes.Select(purpose => new Oid(purpose))];
        bool hasKeyIdentifier = authority.Extensions[Oids.SubjectKeyIdentifier] is not null;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(extendedUsages, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: hasKeyIdentifier, includeIssuerAndSerial: !hasKeyIdentifier));
        return request;
    }

    private static X509Extension AddressBlocksExtension(IEnumerable<Ipv6Prefix> prefixes) =>
        new(Oids.IpAddressBlocks, AddressBlocks.Encode(prefixes), critical: true);
}
