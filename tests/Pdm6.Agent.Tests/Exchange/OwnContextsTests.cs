using Pdm6.Agent.Exchange;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Exchange;

public class OwnContextsTests
{
    private static readonly AddressPair s_pair = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"));
    private static readonly Fingerprint s_analyzer = Fingerprint.Of([1]), s_owner = Fingerprint.Of([2]), s_other = Fingerprint.Of([3]);

    private readonly OwnContexts _contexts = new();
    private readonly ContextId _context = ContextId.NewRandom();

    public OwnContextsTests() => _contexts.Add(_context, new HashSet<Fingerprint> { s_analyzer }, Envelope(1));

    [Fact]
    public void IsGranted_BeforeBothAreTaken_IsFalse()
    {
        _contexts.AddGrant(_context, s_pair, s_owner, Envelope(2));
        Assert.False(_contexts.IsGranted(_context, s_pair));

        RegistrarPost announcement = _contexts.Next()!;
        Assert.IsType<RegistrarPost.Announcement>(announcement);
        _contexts.SetTaken(announcement);
        Assert.Equal((true, false), (_contexts.IsAnnounced(_context), _contexts.IsGranted(_context, s_pair)));

        RegistrarPost grants = _contexts.Next()!;
        Assert.Single(Assert.IsType<RegistrarPost.Grants>(grants).All);
        _contexts.SetTaken(grants);
        Assert.True(_contexts.IsGranted(_context, s_pair));
        Assert.Null(_contexts.Next());
    }

    [Fact]
    public void SetTaken_GrantWasReplacedMeanwhile_TheNewOneIsStillToBeTaken()
    {
        _contexts.SetTaken(_contexts.Next()!);
        _contexts.AddGrant(_context, s_pair, s_owner, Envelope(2));
        RegistrarPost toFormerOwner = _contexts.Next()!;
        _contexts.AddGrant(_context, s_pair, s_other, Envelope(3));

        _contexts.SetTaken(toFormerOwner);

        Assert.False(_contexts.IsGranted(_context, s_pair));
        Assert.True(_contexts.HasGrant(_context, s_pair, s_other));
        Assert.Equal(3, Assert.Single(Assert.IsType<RegistrarPost.Grants>(_contexts.Next()).All).Envelope.Body[0]);
    }

    [Fact]
    public void AreSealedTo_AnalyzersAndOwnersOfLiveContexts_NobodyElse()
    {
        _contexts.AddGrant(_context, s_pair, s_owner, Envelope(2));
        Assert.Equal((true, true, false), (_contexts.AreSealedTo(s_analyzer), _contexts.AreSealedTo(s_owner), _contexts.AreSealedTo(s_other)));

        _contexts.Keep([]);
        Assert.Equal((false, false), (_contexts.AreSealedTo(s_analyzer), _contexts.AreSealedTo(s_owner)));
    }

    [Fact]
    public void DifferFrom_OnceTheNewestContextIsRight_IsFalseAlthoughTheOldOneGoesOnForAMoment()
    {
        HashSet<Fingerprint> wanted = [s_other];
        Assert.True(_contexts.DifferFrom(wanted));

        _contexts.Add(ContextId.NewRandom(), wanted, Envelope(4));

        Assert.False(_contexts.DifferFrom(wanted));
    }

    private static SignedEnvelope Envelope(byte mark) => new([], [mark], []);
}
