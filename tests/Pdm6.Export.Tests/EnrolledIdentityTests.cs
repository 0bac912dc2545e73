using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Export.Tests;

/// <summary>With registration: who is taken for a collector by agents, and for an agent by collectors.</summary>
public sealed class EnrolledIdentityTests : IDisposable
{
    private readonly World _world = new(), _otherWorld = new();
    private readonly Clock _time = new(World.Now);
    private readonly Participant _agent, _collector;
    private readonly X509Certificate2 _own;

    public EnrolledIdentityTests()
    {
        _agent = _world.Join("host-a", Role.Endpoint, "2001:db8::/32");
        _collector = _world.Join("collector", Role.Analyzer);
        _own = _agent.Key.ForTls(_agent.Der);
    }

    public void Dispose()
    {
        _own.Dispose();
        _agent.Key.Dispose();
        _collector.Key.Dispose();
        _otherWorld.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void PeerOf_TheRightRole_IsThePeer()
    {
        Assert.Equal("collector", ForAgent().PeerOf(_collector.Der)?.Name);
        Assert.Equal("host-a", ForCollector().PeerOf(_agent.Der)?.Name);
    }

    [Fact]
    public void PeerOf_TheOwnRole_IsNobody()
    {
        Assert.Null(ForAgent().PeerOf(_agent.Der));
        Assert.Null(ForCollector().PeerOf(_collector.Der));
    }

    [Fact]
    public void PeerOf_AnAnalyzerThatIsNotPinned_IsNobodyToAnAgent()
    {
        Participant other = _world.Join("curious", Role.Analyzer);
        using IdentityKey key = other.Key;

        Assert.Null(ForAgent().PeerOf(other.Der));
    }

    [Fact]
    public void PeerOf_AnotherAuthoritysCertificate_IsNobodyEvenIfItsKeyIsPinned()
    {
        byte[] der = _otherWorld.Authority.Issue(
            World.RequestOf(_collector.Key, "collector"), Role.Analyzer, "collector", [], World.Now.AddHours(-1), World.Now.AddDays(1));

        Assert.Null(ForAgent().PeerOf(der));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("3080ffff")]
    public void PeerOf_Garbage_IsNobody(string octets) => Assert.Null(ForCollector().PeerOf(Convert.FromHexString(octets)));

    [Fact]
    public void PeerOf_ACertificateThatEnds_IsNobodyFromThenOn()
    {
        EnrolledIdentity collector = ForCollector();
        Assert.NotNull(collector.PeerOf(_agent.Der));

        _time.Now = World.Now.AddDays(31);

        Assert.Null(collector.PeerOf(_agent.Der));
    }

    [Fact]
    public void Revoke_OfAPeer_CountsAtOnceAndForItsRenewedCertificateToo()
    {
        EnrolledIdentity collector = ForCollector();
        Assert.NotNull(collector.PeerOf(_agent.Der));
        byte[] renewed = _world.Authority.Issue(
            World.RequestOf(_agent.Key), Role.Endpoint, "host-a", World.Prefixes("2001:db8::/32"), World.Now.AddHours(-1), World.Now.AddDays(60));
        Assert.NotNull(collector.PeerOf(renewed));

        collector.Revoke(_agent.Certificate.IdentityFingerprint);

        Assert.Null(collector.PeerOf(_agent.Der));
        Assert.Null(collector.PeerOf(renewed));
    }

    [Fact]
    public void IsPeer_OfACertificate_IsWhatPeerOfSays()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(_collector.Der);

        Assert.True(ForAgent().IsPeer(certificate));
        Assert.False(ForCollector().IsPeer(certificate));
        Assert.False(ForAgent().IsPeer(null));
    }

    [Fact]
    public void Advice_ToAnAgent_SpeaksOfItsPins()
    {
        Assert.Contains("\"analyzers\"", ForAgent().Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("\"analyzers\"", ForCollector().Advice, StringComparison.Ordinal);
    }

    private EnrolledIdentity ForAgent() => EnrolledIdentity.ForAgent(
        () => _own, _world.Trust, new HashSet<Fingerprint> { _collector.Certificate.IdentityFingerprint }, _time);

    private EnrolledIdentity ForCollector() => EnrolledIdentity.ForCollector(() => _own, _world.Trust, _time);

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
