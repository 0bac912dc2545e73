using Pdm6.Agent.Exchange;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Exchange;

public sealed class RemoteGrantsTests : IDisposable
{
    private static readonly Ipv6Address s_local = Ipv6Address.Parse("2001:db8::1");
    private static readonly Fingerprint s_sender = Fingerprint.Of([1]), s_stranger = Fingerprint.Of([2]);

    private readonly RemoteGrants _grants = new();
    private readonly Announcement _context = TestAnnouncements.Make(1, "2001:db8::2");
    private readonly byte[] _secret = new byte[KeyDerivation.SecretSize];

    public void Dispose() => _grants.Dispose();

    [Fact]
    public void TryGet_SecretOfWhoeverAnnouncedTheContext_InAnyOrder()
    {
        _grants.Add(_context.ContextId, Pair("2001:db8::2"), s_sender, Filled(7));
        Assert.False(TryGet("2001:db8::2"));

        _grants.Add(_context, s_sender);

        Assert.True(TryGet("2001:db8::2"));
        Assert.Equal(Filled(7), _secret);
    }

    [Fact]
    public void TryGet_SecretOfSomebodyElse_IsNotUsedAndDoesNotKeepTheRightOneOut()
    {
        _grants.Add(_context, s_sender);
        _grants.Add(_context.ContextId, Pair("2001:db8::2"), s_stranger, Filled(9));
        Assert.False(TryGet("2001:db8::2"));

        _grants.Add(_context.ContextId, Pair("2001:db8::2"), s_sender, Filled(7));
        _grants.Add(_context.ContextId, Pair("2001:db8::2"), s_stranger, Filled(9));

        Assert.True(TryGet("2001:db8::2"));
        Assert.Equal(Filled(7), _secret);
    }

    [Fact]
    public void TryGet_SourceThatTheContextDidNotAnnounce_IsRefused()
    {
        _grants.Add(_context, s_sender);
        _grants.Add(_context.ContextId, Pair("2001:db8::3"), s_sender, Filled(7));

        Assert.False(TryGet("2001:db8::3"));
    }

    [Fact]
    public void Forget_RevokedSender_TakesItsContextsAndSecrets()
    {
        _grants.Add(_context, s_sender);
        _grants.Add(_context.ContextId, Pair("2001:db8::2"), s_sender, Filled(7));

        Assert.True(_grants.Forget(s_sender));

        Assert.Empty(_grants.Announcements);
        Assert.False(TryGet("2001:db8::2"));
    }

    [Fact]
    public void Expire_ContextThatIsOver_IsGone()
    {
        _grants.Add(_context, s_sender);

        Assert.False(_grants.Expire(_context.NotAfterUnixNs - 1));
        Assert.True(_grants.Expire(_context.NotAfterUnixNs));
        Assert.Empty(_grants.Announcements);
    }

    private bool TryGet(string source) => _grants.TryGet(_context.ContextId, Pair(source), _secret);

    private static AddressPair Pair(string source) => new(Ipv6Address.Parse(source), s_local);

    private static byte[] Filled(byte value)
    {
        byte[] secret = new byte[KeyDerivation.SecretSize];
        secret.AsSpan().Fill(value);
        return secret;
    }
}
