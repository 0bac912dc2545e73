using Pdm6.Agent.Keys;
using Pdm6.Agent.Tests.Support;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Keys;

public class RemoteContextsTests
{
    private static readonly HashSet<IncarnationId> s_noOwn = [];

    [Fact]
    public void Of_ThreeContextsOfAnAddress_AreTheTwoNewestNewestFirst()
    {
        Announcement old = TestAnnouncements.Make(1, "2001:db8::1"), middle = TestAnnouncements.Make(2, "2001:db8::1", "2001:db8::2"),
            newest = TestAnnouncements.Make(3, "2001:db8::1");

        RemoteContexts contexts = new([middle, old, newest], s_noOwn);

        Assert.Equal([newest, middle], contexts.Of(Ipv6Address.Parse("2001:db8::1")));
        Assert.Equal([middle], contexts.Of(Ipv6Address.Parse("2001:db8::2")));
        Assert.Empty(contexts.Of(Ipv6Address.Parse("2001:db8::3")));
        Assert.Equal(2, contexts.Addresses.Count);
    }

    [Fact]
    public void Constructor_OwnMissingMalformedAndRepeatedAnnouncements_AreLeftOut()
    {
        Announcement own = TestAnnouncements.Make(1, "2001:db8::1"), good = TestAnnouncements.Make(2, "2001:db8::2");
        Announcement malformed = good with { ContextId = ContextId.NewRandom(), FormatVersion = 2 };

        RemoteContexts contexts = new([own, null!, good, good, malformed], new HashSet<IncarnationId> { own.IncarnationId });

        Assert.Equal([Ipv6Address.Parse("2001:db8::2")], contexts.Addresses);
        Assert.Equal([good], contexts.Of(Ipv6Address.Parse("2001:db8::2")));
    }
}
