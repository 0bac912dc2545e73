using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Client;

/// <summary>Pages of a registrar that may say anything.</summary>
public sealed class FeedVerifierTests : IDisposable
{
    private const string Address = "2001:db8:1::1";

    private readonly CertificateAuthority _authority = CertificateAuthority.Create("authority", DateTimeOffset.UtcNow.AddDays(-1));
    private readonly ShiftedClock _clock = new();
    private readonly TestParticipant _endpoint;
    private readonly TestParticipant _analyzer;
    private readonly FeedVerifier _verifier;

    public FeedVerifierTests()
    {
        _endpoint = Join("host-a", Role.Endpoint, _authority);
        _analyzer = Join("analyst", Role.Analyzer, _authority);
        _verifier = new FeedVerifier(_authority.Certificate, _clock);
    }

    public void Dispose()
    {
        _endpoint.Dispose();
        _analyzer.Dispose();
        _authority.Dispose();
    }

    private static TestParticipant Join(string name, Role role, CertificateAuthority authority)
    {
        TestParticipant participant = new(new Uri("https://[::1]:1"), name, role);
        Assert.True(ParticipantRequest.TryParse(participant.Key.CreateRequest(name), out ParticipantRequest? request, out _));
        participant.Use(authority.Issue(
            request, role, name, role == Role.Endpoint ? [TestRegistrar.Parse(TestRegistrar.Prefix)] : [],
            DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(30)));
        return participant;
    }

    private static FeedPage Page(
        SignedEnvelope[]? announcements = null, SignedEnvelope[]? grants = null, string[]? revoked = null, bool more = false) =>
        new(1, more, announcements ?? [], grants ?? [], revoked ?? [], AnalyzersChanged: false);

    private SignedEnvelope Announcement(ulong? sequence = null) =>
        _endpoint.Announce(_endpoint.Announcement(Address, sequence), _analyzer);

    private void AssertRefused(string because, FeedPage page)
    {
        FeedUpdate update = _verifier.Verify(page);
        Assert.Empty(update.Announcements);
        Assert.Empty(update.Grants);
        Assert.Contains(because, Assert.Single(update.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Announcement_Good_IsGivenWithItsSender()
    {
        SignedEnvelope envelope = Announcement();
        FeedUpdate update = _verifier.Verify(Page([envelope]));
        Received<SealedAnnouncement> received = Assert.Single(update.Announcements);
        Assert.Equal((envelope, "host-a"), (received.Envelope, received.Sender.Name));
        byte[] secret = new byte[32];
        Assert.True(received.Content.TryOpen(_analyzer.Hpke, received.Sender.Hash, secret));
        Assert.Empty(update.Refused);
        Assert.True(update.IsComplete);
    }

    [Fact]
    public void Announcement_OfAnotherAuthority_IsRefused()
    {
        using CertificateAuthority other = CertificateAuthority.Create("authority", DateTimeOffset.UtcNow.AddDays(-1));
        using TestParticipant stranger = Join("host-a", Role.Endpoint, other);
        AssertRefused("not one of this authority", Page([stranger.Announce(stranger.Announcement(Address), _analyzer)]));
    }

    [Fact]
    public void Announcement_OfAnAddressThatIsNotTheSenders_IsRefused() => AssertRefused(
        "outside the prefixes", Page([_endpoint.Announce(_endpoint.Announcement("2001:db8:2::1"), _analyzer)]));

    [Fact]
    public void Announcement_AlteredOnTheWay_IsRefused()
    {
        SignedEnvelope envelope = Announcement();
        envelope.Body[^2] ^= 1;
        AssertRefused("signature is wrong", Page([envelope]));
    }

    [Fact]
    public void Announcement_WithALowerSequence_IsRefused()
    {
        SignedEnvelope old = Announcement(5), newer = Announcement(6);
        Assert.Single(_verifier.Verify(Page([newer])).Announcements);
        AssertRefused("sequence", Page([old]));
    }

    [Fact]
    public void Announcement_TheSameAgain_IsSkippedWithoutAWord()
    {
        SignedEnvelope envelope = Announcement();
        Assert.Single(_verifier.Verify(Page([envelope, envelope])).Announcements);
        Assert.True(_verifier.Verify(Page([envelope])).IsEmpty);
    }

    [Fact]
    public void Announcement_AfterItsTime_IsRefused()
    {
        SignedEnvelope envelope = Announcement();
        _clock.Ahead = TimeSpan.FromHours(2);
        AssertRefused("time has passed", Page([envelope]));
    }

    [Fact]
    public void Announcement_OfARevokedSender_IsRefusedWhateverComesLater()
    {
        FeedUpdate update = _verifier.Verify(Page(revoked: [_endpoint.Key.Fingerprint.ToString()]));
        Assert.Equal([_endpoint.Key.Fingerprint], update.Revoked);
        AssertRefused("revoked", Page([Announcement()]));
        Assert.True(_verifier.Verify(Page(revoked: [_endpoint.Key.Fingerprint.ToString()])).IsEmpty);
    }

    [Fact]
    public void Grant_Good_IsGivenAndOneOfAForeignSourceRefused()
    {
        using TestParticipant peer = Join("host-b", Role.Endpoint, _authority);
        Security.Announcement announcement = _endpoint.Announcement(Address);
        Assert.Single(_verifier.Verify(Page(grants: [_endpoint.Grant(announcement, "2001:db8:1::2", peer)])).Grants);
        AssertRefused("outside the prefixes", Page(grants:
            [_endpoint.Grant(_endpoint.Announcement("2001:db8:2::1"), "2001:db8:1::2", peer)]));
    }

    [Fact]
    public void Envelope_InThePlaceOfAnotherKind_IsRefused()
    {
        AssertRefused("signature", Page(grants: [Announcement()]));
        AssertRefused("signature", Page([_endpoint.KeyBundle()]));
    }

    [Fact]
    public void Page_WithNullsAndNonsense_IsNoException()
    {
        FeedUpdate update = _verifier.Verify(new FeedPage(
            -1, true, [null!, new SignedEnvelope([], [], [])], [null!, new SignedEnvelope([1], [2], [3])], [null!, "", "zz"], true));
        Assert.Empty(update.Announcements);
        Assert.Empty(update.Grants);
        Assert.Empty(update.Revoked);
        Assert.Equal(5, update.Refused.Count);
        Assert.False(update.IsComplete);
    }
}
