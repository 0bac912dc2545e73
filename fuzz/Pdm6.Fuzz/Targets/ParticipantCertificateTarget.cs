using Pdm6.Codec.Vectors.Registration;
using Pdm6.Fuzz.Engine;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="ParticipantCertificate.TryParse"/> and <see cref="AuthorityCertificate.TryParse"/>: never throw,
/// prefixes ascend, and nothing is the authority's but what it issued.</summary>
internal sealed class ParticipantCertificateTarget : FuzzTarget
{
    private static readonly AuthorityCertificate s_authority = RegistrationSample.Authority.Certificate;

    private readonly HashSet<string> _issued =
        [.. RegistrationSample.Participants.Where(p => p != RegistrationSample.Foreigner).Select(p => Convert.ToHexString(p.Der))];

    public override string Name => "participant-certificate";
    public override int LargestInput => 1024;
    public override int Share => 1;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds =>
        [.. RegistrationSample.Participants.Select(p => p.Der), s_authority.Der.ToArray(), [], [0x30, 0x00]];

    public override IReadOnlyList<byte[]> Tokens => RegistrationTokens.Der;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        bool isAuthority = AuthorityCertificate.TryParse(input, out AuthorityCertificate? authority, out string? error);
        Expect.That(isAuthority == (authority is not null) && isAuthority == (error is null), "an answer or a reason");
        if (!ParticipantCertificate.TryParse(input, out ParticipantCertificate? certificate, out error))
        {
            Expect.That(certificate is null && error.Length > 0, "what is wrong is said");
            return new FuzzOutcome(isAuthority, Feature.Of(error));
        }
        Expect.Equal(input, certificate.Der.Span, "the octets are kept");
        Expect.That(ParticipantName.IsValid(certificate.Name, out _), "the name is one");
        Ipv6Prefix? before = null;
        foreach (Ipv6Prefix prefix in certificate.Prefixes)
        {
            Expect.That(before is not { } last || (last.Address < prefix.Address && !last.Contains(prefix)), "prefixes ascend and none is inside another");
            Expect.That(certificate.Covers(prefix.Address), "a prefix's first address is covered");
            before = prefix;
        }
        bool isIssued = certificate.IsIssuedBy(s_authority);
        Expect.That(isIssued == _issued.Contains(Convert.ToHexString(input)), "nothing is the authority's but what it issued");
        Expect.That(!certificate.Verify("label"u8, input, new byte[64]), "zeros sign nothing");
        return new FuzzOutcome(true, Feature.Of(1, (int)certificate.Role, certificate.Prefixes.Count, isIssued ? 1 : 0));
    }
}
