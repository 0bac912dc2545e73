using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Security.Tests.Announcements;

public sealed class SealedAnnouncementTests
{
    [Fact]
    public void Envelope_OfAnEndpoint_IsAcceptedAndOpensForTheNamedAnalyzerAlone()
    {
        using World world = new();
        Participant endpoint = world.Join("host-a", Role.Endpoint, "2001:db8:a::/48");
        using HpkePrivateKey analyzer = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        using HpkePrivateKey other = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        Sender sender = new("2001:db8:a::1");
        Announcement announcement = sender.Announcement with { IssuedAtUnixNs = World.NowUnixNs, NotAfterUnixNs = World.NowUnixNs + 1 };
        byte[] body = SealedAnnouncement.Seal(announcement, sender.BaseSecret, [new Recipient(analyzer.PublicKey)], endpoint.Certificate);
        SignedEnvelope envelope = SignedEnvelope.Sign(EnvelopeKind.Announcement, body, endpoint.Key, endpoint.Certificate);

        EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.Check(envelope, world.Trust, World.NowUnixNs, _ => null);
        Assert.Null(verdict.Reason);
        byte[] opened = new byte[32];
        Assert.True(verdict.Content!.TryOpen(analyzer, verdict.Sender!.Hash, opened));
        Assert.Equal(sender.BaseSecret, opened);
        Assert.False(verdict.Content.TryOpen(other, verdict.Sender.Hash, opened));
    }
}
