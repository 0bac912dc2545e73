using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Announcements;

public sealed class AnnouncementGateTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Check_GoodAnnouncement_IsAcceptedWithSenderAndContent()
    {
        EnvelopeVerdict<SealedAnnouncement> verdict = _scene.Judge(_scene.Announce(), last: 6);
        Assert.True(verdict.IsAccepted);
        Assert.Null(verdict.Reason);
        Assert.Equal("host-a", verdict.Sender.Name);
        Assert.Equal(_scene.Announcement.ContextId, verdict.Content.Announcement.ContextId);
        Assert.Equal([_scene.Analyzer.PublicKey.KeyId], verdict.Content.Announcement.Recipients!);
        Assert.Equal(_scene.Secret, _scene.Open(verdict.Content));
    }

    [Fact]
    public void Check_AnyOctetAltered_IsRefused()
    {
        SignedEnvelope good = _scene.Announce();
        foreach (Func<SignedEnvelope, byte[]> part in new Func<SignedEnvelope, byte[]>[] { e => e.Certificate, e => e.Body, e => e.Signature })
            for (int i = 0; i < part(good).Length; i++)
            {
                SignedEnvelope altered = new([.. good.Certificate], [.. good.Body], [.. good.Signature]);
                part(altered)[i] ^= (byte)(1 << (i % 8));
                Assert.False(_scene.Judge(altered).IsAccepted);
            }
    }

    [Fact]
    public void Check_SignedAsSomethingElse_IsRefused()
    {
        byte[] body = _scene.Announce().Body;
        foreach (EnvelopeKind kind in new[] { EnvelopeKind.Grant, EnvelopeKind.KeyBundle })
            AssertRefused(EnvelopeRefusal.BadSignature, _scene.Judge(_scene.Sign(kind, body)));
    }

    [Fact]
    public void Check_CertificateOfAnotherSender_IsRefused()
    {
        Participant other = _scene.World.Join("host-b", Role.Endpoint, "2001:db8:a::/48");
        AssertRefused(EnvelopeRefusal.BadSignature, _scene.Judge(_scene.Announce() with { Certificate = other.Der }));
    }

    [Fact]
    public void Check_SenderOfAnotherAuthority_IsRefused()
    {
        using World elsewhere = new();
        Participant forger = elsewhere.Join("host-a", Role.Endpoint, "2001:db8:a::/48");
        AssertRefused(EnvelopeRefusal.ForeignCertificate, _scene.Judge(_scene.Announce(forger)));
    }

    [Fact]
    public void Check_Analyzer_IsRefused()
    {
        Participant analyzer = _scene.World.Join("collector", Role.Analyzer, "2001:db8:a::/48");
        AssertRefused(EnvelopeRefusal.WrongRole, _scene.Judge(_scene.Announce(analyzer)));
    }

    [Theory]
    [InlineData("2001:db8:b::1")]
    [InlineData("2001:db8:9:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1")]
    public void Check_AddressOutsideThePrefixes_IsRefusedByName(string address)
    {
        _scene.Announcement = _scene.Announcement with { Addresses = [.. _scene.Announcement.Addresses, Ipv6Address.Parse(address)] };
        EnvelopeVerdict<SealedAnnouncement> verdict = _scene.Judge(_scene.Announce());
        AssertRefused(EnvelopeRefusal.AddressOutsidePrefixes, verdict);
        Assert.Contains(address, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6UL, true)]
    [InlineData(7UL, false)]
    [InlineData(8UL, false)]
    public void Check_Sequence_MustRise(ulong last, bool accepted)
    {
        EnvelopeVerdict<SealedAnnouncement> verdict = _scene.Judge(_scene.Announce(), last: last);
        if (accepted)
            Assert.True(verdict.IsAccepted);
        else
            AssertRefused(EnvelopeRefusal.StaleSequence, verdict);
    }

    [Fact]
    public void Check_Sequence_IsAskedOfTheIdentity()
    {
        Fingerprint? asked = null;
        AnnouncementGate.Check(_scene.Announce(), _scene.World.Trust, Scene.Now, identity =>
        {
            asked = identity;
            return null;
        });
        Assert.Equal(_scene.Endpoint.Key.Fingerprint, asked);
    }

    [Fact]
    public void Check_TimeHasPassed_IsRefusedLiveAndAcceptedForCaptures()
    {
        SignedEnvelope envelope = _scene.Announce();
        ulong end = _scene.Announcement.NotAfterUnixNs;
        Assert.True(_scene.Judge(envelope, now: end - 1).IsAccepted);
        AssertRefused(EnvelopeRefusal.Expired, _scene.Judge(envelope, now: end));
        EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.CheckForCapture(envelope, _scene.World.Trust);
        Assert.True(verdict.IsAccepted);
        Assert.Equal(_scene.Secret, _scene.Open(verdict.Content));
    }

    [Theory]
    [InlineData(0UL, 300UL, true)]
    [InlineData(0UL, 301UL, false)]
    [InlineData(30UL, 330UL, true)]
    [InlineData(30UL, 331UL, false)]
    public void Check_IssuedAhead_IsAllowedForFiveMinutesAndTheAnnouncedError(ulong errorSeconds, ulong aheadSeconds, bool accepted)
    {
        _scene.Announcement = _scene.Announcement with { ClockErrorBoundNs = errorSeconds * Scene.Second };
        EnvelopeVerdict<SealedAnnouncement> verdict = _scene.Judge(_scene.Announce(), now: Scene.Now - aheadSeconds * Scene.Second);
        if (accepted)
        {
            Assert.True(verdict.IsAccepted);
            return;
        }
        AssertRefused(EnvelopeRefusal.FromTheFuture, verdict);
        Assert.Contains($"{aheadSeconds} s in the future", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ClockOfAnotherYear_IsCalledAClockNotACertificate()
    {
        ulong later = Scene.Now + 20 * 365 * 24 * Scene.Hour;
        _scene.Announcement = _scene.Announcement with { IssuedAtUnixNs = later, NotAfterUnixNs = later + 1 };
        AssertRefused(EnvelopeRefusal.FromTheFuture, _scene.Judge(_scene.Announce()));
        AssertRefused(EnvelopeRefusal.CertificateNotValidThen, AnnouncementGate.CheckForCapture(_scene.Announce(), _scene.World.Trust));
    }

    [Fact]
    public void Check_CertificateThatWasNotValidYet_IsRefused()
    {
        ulong earlier = Scene.Now - 2 * Scene.Hour;
        _scene.Announcement = _scene.Announcement with { IssuedAtUnixNs = earlier, NotAfterUnixNs = Scene.Now + 1 };
        AssertRefused(EnvelopeRefusal.CertificateNotValidThen, _scene.Judge(_scene.Announce()));
    }

    [Fact]
    public void Check_CertificateThatExpiredSince_IsStillThatOfTheSignature()
    {
        Participant brief = _scene.World.Join("host-a", Role.Endpoint, World.Now.AddHours(-1), World.Now.AddMinutes(1), "2001:db8:a::/48");
        Assert.True(_scene.Judge(_scene.Announce(brief), now: Scene.Now + Scene.Hour).IsAccepted);
    }

    [Fact]
    public void Check_LifeOfMoreThanTwoDays_IsRefused()
    {
        _scene.Announcement = _scene.Announcement with { NotAfterUnixNs = Scene.Now + 48 * Scene.Hour };
        Assert.True(_scene.Judge(_scene.Announce()).IsAccepted);
        _scene.Announcement = _scene.Announcement with { NotAfterUnixNs = Scene.Now + 48 * Scene.Hour + 1 };
        AssertRefused(EnvelopeRefusal.LivesTooLong, _scene.Judge(_scene.Announce()));
    }

    [Fact]
    public void Check_BodyThatIsNoAnnouncement_IsRefused()
    {
        AssertRefused(EnvelopeRefusal.Malformed, _scene.Judge(_scene.Sign(EnvelopeKind.Announcement, [.. "{}"u8])));
        AssertRefused(EnvelopeRefusal.Malformed, _scene.Judge(_scene.Sign(EnvelopeKind.Announcement, _scene.Give().Body)));
    }

    [Fact]
    public void Check_CertificateThatIsNone_IsRefused()
    {
        EnvelopeVerdict<SealedAnnouncement> verdict = _scene.Judge(_scene.Announce() with { Certificate = [1, 2, 3] });
        AssertRefused(EnvelopeRefusal.UnreadableCertificate, verdict);
        Assert.Null(verdict.Sender);
    }

    [Fact]
    public void Check_BodyThatIsTooLong_IsRefused()
    {
        SignedEnvelope good = _scene.Announce();
        AssertRefused(EnvelopeRefusal.TooLong, _scene.Judge(good with { Body = new byte[SignedEnvelope.LongestBody + 1] }));
        Assert.Throws<ArgumentException>(() => _scene.Sign(EnvelopeKind.Announcement, new byte[SignedEnvelope.LongestBody + 1]));
    }

    [Fact]
    public void Refused_EveryReason_HasASentence() => Assert.All(
        Enum.GetValues<EnvelopeRefusal>().Where(refusal => refusal != EnvelopeRefusal.None),
        refusal => Assert.EndsWith(".", EnvelopeVerdict<Grant>.Refused(refusal, null, "x.").Reason, StringComparison.Ordinal));

    private static void AssertRefused(EnvelopeRefusal expected, EnvelopeVerdict<SealedAnnouncement> verdict)
    {
        Assert.Equal(expected, verdict.Refusal);
        Assert.False(verdict.IsAccepted);
        Assert.Null(verdict.Content);
        Assert.NotEmpty(verdict.Reason);
        Assert.DoesNotContain('\n', verdict.Reason);
    }
}
