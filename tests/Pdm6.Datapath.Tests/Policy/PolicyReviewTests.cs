using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Policy;

public class PolicyReviewTests
{
    [Fact]
    public void ShadowOf_RuleWithinAnEarlierOne_IsThatOne()
    {
        PolicyRule[] rules = [Rule("2001:db8::/32") with { Ports = [new PortRange(1, 100)] }, Rule("2001:db8:1::/48") with { Ports = [new PortRange(53, 53)] }];

        Assert.Equal(0, PolicyReview.ShadowOf(rules, 1));
        Assert.Null(PolicyReview.ShadowOf(rules, 0));
    }

    /// <summary>In each, the earlier rule leaves something for the later one.</summary>
    [Fact]
    public void ShadowOf_EarlierRuleThatAsksMore_IsNone()
    {
        PolicyRule narrow = Rule("2001:db8::/32");
        PolicyRule[] earlier =
        [
            narrow with { Ports = [new PortRange(1, 65535)] },
            narrow with { Protocols = [NextHeader.Udp] },
            narrow with { Dscps = [0] },
            narrow with { Interfaces = [1] },
            narrow with { Mark = new PacketMark(0, 1) },
            narrow with { Cgroups = [new ControlGroup(1, 1)] },
            narrow with { ExceptDestinations = [Prefix("2001:db8:1::/48")] },
            narrow with { Sources = [Prefix("::/1")] },
            Rule("2001:db8::/33"),
        ];

        Assert.All(earlier, rule => Assert.Null(PolicyReview.ShadowOf([rule, narrow], 1)));
    }

    [Fact]
    public void CanNeverMatch_ExceptionsAroundAllPrefixes_IsTrue()
    {
        Assert.True(PolicyReview.CanNeverMatch(Rule("2001:db8::/32") with { ExceptDestinations = [Prefix("2001::/16")] }));
        Assert.False(PolicyReview.CanNeverMatch(Rule("2001:db8::/32") with { ExceptDestinations = [Prefix("2001:db8::/33")] }));
    }

    /// <summary>What it says is so: no packet of many falls under a rule that it names.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ShadowOf_RandomPolicies_NamesNoRuleThatAPacketFallsUnder(int seed)
    {
        RandomPolicy random = new(seed);
        int shadowed = 0;
        for (int i = 0; i < 100; i++)
        {
            PolicyRule[] rules = random.Rules([1, 2]);
            bool[] isOut = [.. rules.Select((rule, index) => PolicyReview.CanNeverMatch(rule) || PolicyReview.ShadowOf(rules, index) is not null)];
            shadowed += isOut.Count(value => value);
            for (int j = 0; j < 50; j++)
                Assert.False(PolicyMatch.FirstRule(rules, random.Packet([1, 2])) is { } first && isOut[first]);
        }
        Assert.NotEqual(0, shadowed);
    }

    private static PolicyRule Rule(string prefix) => new([Prefix(prefix)], [], []);

    private static Ipv6Prefix Prefix(string text)
    {
        Assert.True(Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix));
        return prefix;
    }
}
