using System.Security.Cryptography;
using System.Text;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>A participant whose keys the vectors state.</summary>
internal sealed class StatedParticipant
{
    public StatedParticipant(
        StatedAuthority authority, string name, Role role, DateTimeOffset notBefore, DateTimeOffset notAfter, params string[] prefixes)
    {
        (Name, Role) = (name, role);
        Identity = StatedKey.Of(name);
        Der = authority.Issue(Identity.PublicKey, role, name, Prefixes(prefixes), notBefore, notAfter);
        Hpke = StatedHpkeKey($"recipient {name}");
    }

    public string Name { get; }
    public Role Role { get; }
    public StatedKey Identity { get; }
    public byte[] Der { get; }
    public HpkePrivateKey Hpke { get; }
    public Fingerprint CertificateHash => Fingerprint.Of(Der);

    /// <summary>Signs as this participant.</summary>
    public SignedEnvelope Sign(EnvelopeKind kind, byte[] body) => new(
        Der, body, Identity.Sign([.. SignedEnvelope.LabelOf(kind), 0, .. body]));

    /// <summary>An HPKE key that follows from its name.</summary>
    public static HpkePrivateKey StatedHpkeKey(string name) => HpkePrivateKey.DeriveKeyPair(
        HpkeKem.DhkemP256HkdfSha256, SHA256.HashData(Encoding.ASCII.GetBytes($"pdm6 vectors: HPKE key of {name}")));

    private static IReadOnlyList<Ipv6Prefix> Prefixes(string[] texts) =>
        [.. texts.Select(text => Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new FormatException(text))];
}
