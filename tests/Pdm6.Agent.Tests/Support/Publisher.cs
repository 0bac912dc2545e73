using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Agent.Tests.Support;

/// <summary>A participant with a key bundle, as a registrar describes it.</summary>
internal sealed class Publisher(Participant participant) : IDisposable
{
    private const ulong Day = 86_400_000_000_000;

    private readonly HpkePrivateKey _hpke = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);

    public ParticipantCertificate Certificate => participant.Certificate;

    public Fingerprint Identity => Certificate.IdentityFingerprint;

    public HpkePublicKey Key => _hpke.PublicKey;

    public ParticipantKeys Keys => new(participant.Der, SignedBy(participant));

    public SignedEnvelope SignedBy(Participant signer) => SignedEnvelope.Sign(
        EnvelopeKind.KeyBundle, KeyBundle.Create([Key], 1, World.NowUnixNs, World.NowUnixNs + Day).ToJson(), signer.Key, signer.Certificate);

    /// <summary>What the registrar answers when it has the participant.</summary>
    public RegistrarReply<ParticipantKeys> Reply => new(RegistrarOutcome.Accepted, Keys);

    public void Dispose()
    {
        _hpke.Dispose();
        participant.Key.Dispose();
    }
}
