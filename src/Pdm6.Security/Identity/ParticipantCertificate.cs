using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>
/// The certificate of an endpoint or analyzer: who it is, what it may do, and from which addresses. Reading one does not
/// mean trusting it: ask <see cref="IsIssuedBy"/> and <see cref="IsValidAt"/>. For any thread.
/// </summary>
public sealed class ParticipantCertificate
{
    /// <summary>The longest certificate that is looked at, octets.</summary>
    public const int LongestSize = 8 * 1024;
    /// <summary>The most address prefixes that a certificate may name.</summary>
    public const int MostPrefixes = AddressBlocks.MostPrefixes;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly byte[] _der;
    private readonly CertificateFields _fields;
    private readonly ParticipantProfile _profile;

    private ParticipantCertificate(byte[] der, CertificateFields fields, ParticipantProfile profile)
    {
        (_der, _fields, _profile) = (der, fields, profile);
        Hash = Fingerprint.Of(der);
        IdentityFingerprint = Fingerprint.Of(fields.PublicKeyInfo.Span);
    }

    /// <summary>The certificate, DER.</summary>
    public ReadOnlyMemory<byte> Der => _der;

    /// <summary>The participant's name.</summary>
    public string Name => _profile.Name;

    /// <summary>What it may do.</summary>
    public Role Role => _profile.Role;

    /// <summary>The prefixes of its addresses, ascending, none inside another.</summary>
    public IReadOnlyList<Ipv6Prefix> Prefixes => _profile.Prefixes;

    /// <summary>Since when it is valid.</summary>
    public DateTimeOffset NotBefore => _fields.NotBefore;

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset NotAfter => _fields.NotAfter;

    /// <summary>SHA-256 of the SubjectPublicKeyInfo: names the participant across renewals.</summary>
    public Fingerprint IdentityFingerprint { get; }

    /// <summary>SHA-256 of the DER octets: names this very certificate.</summary>
    public Fingerprint Hash { get; }

    /// <summary>Reads DER from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> der, [NotNullWhen(true)] out ParticipantCertificate? certificate, [NotNullWhen(false)] out string? error)
    {
        certificate = null;
        if (der.Length > LongestSize)
        {
            error = $"The certificate has more than {LongestSize} octets.";
            return false;
        }
        try
        {
            byte[] copy = der.ToArray();
            CertificateFields fields = new(copy);
            ParticipantProfile profile = ParticipantProfile.Read(fields);
            if (!EllipticKey.TryRead(fields.PublicKeyInfo.Span, out ECDsa? key))
            {
                error = "The certificate's key is not a P-256 key.";
                return false;
            }
            key.Dispose();
            certificate = new ParticipantCertificate(copy, fields, profile);
            error = null;
            return true;
        }
        catch (AsnContentException malformed)
        {
            error = $"Not a participant's certificate: {malformed.Message}";
            return false;
        }
    }

    /// <summary>True if the authority's key signed it and it names the authority as its issuer.</summary>
    public bool IsIssuedBy(AuthorityCertificate authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return authority.HasIssued(_fields);
    }

    /// <summary>True if this instant, nanoseconds since the Unix epoch, is in its time.</summary>
    public bool IsValidAt(ulong unixNs)
    {
        long seconds = (long)(unixNs / NanosecondsPerSecond);
        return seconds >= NotBefore.ToUnixTimeSeconds() && seconds <= NotAfter.ToUnixTimeSeconds();
    }

    /// <summary>True if the address is in one of the prefixes.</summary>
    public bool Covers(Ipv6Address address)
    {
        foreach (Ipv6Prefix prefix in Prefixes)
            if (prefix.Contains(address))
                return true;
        return false;
    }

    /// <summary>True if this certificate's key made the signature (<see cref="IdentityKey.Sign"/>).</summary>
    /// <exception cref="ArgumentException">The label is empty or holds a zero octet.</exception>
    public bool Verify(ReadOnlySpan<byte> label, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_fields.PublicKeyInfo.Span, out _);
        return LabelledSignature.Verify(key, label, octets, signature);
    }
}
