using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Policy;

public class PolicyTablesTests
{
    private static readonly byte[] s_udp = [NextHeader.Udp];

    [Fact]
    public void Compile_NestedPrefixes_GiveTheLongerOneTheRulesOfTheShorter()
    {
        PolicyTables tables = PolicyTables.Compile(
        [
            Rule("2001:db8:1::/48"),
            Rule("2001:db8::/32"),
            Rule("::/0"),
            Rule("2001:db8:2::/48"),
        ]);

        Assert.Equal(0b0111u, tables.ByDestination[Prefix("2001:db8:1::/48")]);
        Assert.Equal(0b0110u, tables.ByDestination[Prefix("2001:db8::/32")]);
        Assert.Equal(0b0100u, tables.ByDestination[Prefix("::/0")]);
        Assert.Equal(0b1110u, tables.ByDestination[Prefix("2001:db8:2::/48")]);
    }

    [Fact]
    public void Compile_SamePrefixInTwoRules_HasBoth() =>
        Assert.Equal(0b11u, PolicyTables.Compile([Rule("2001:db8::1"), Rule("2001:db8::1/128")]).ByDestination[Prefix("2001:db8::1")]);

    [Fact]
    public void Compile_RuleWithPorts_IsSetAtThosePortsOnly()
    {
        PolicyTables tables = PolicyTables.Compile(
            [new PolicyRule([Prefix("::/0")], s_udp, [new PortRange(53, 53), new PortRange(8000, 8010), new PortRange(65535, 65535)])]);

        int[] set = [.. Enumerable.Range(0, tables.ByPort.Length).Where(port => tables.ByPort.Span[port] != 0)];
        Assert.Equal([53, .. Enumerable.Range(8000, 11), 65535], set);
    }

    [Fact]
    public void Compile_RuleWithoutPorts_IsSetEverywhereAndForProtocolsWithoutPorts()
    {
        PolicyTables tables = PolicyTables.Compile([Rule("::/0")]);

        Assert.Equal(65537, tables.ByPort.Length);
        Assert.All(tables.ByPort.ToArray(), mask => Assert.Equal(1u, mask));
        Assert.Equal(1u, tables.ByPort.Span[PolicyTables.Portless]);
    }

    [Fact]
    public void Compile_Protocols_AreThoseOfTheRuleOrAll()
    {
        PolicyTables tables = PolicyTables.Compile([new PolicyRule([Prefix("::/0")], s_udp, []), Rule("::/0")]);

        Assert.Equal(0b11u, tables.ByProtocol.Span[NextHeader.Udp]);
        Assert.Equal(0b10u, tables.ByProtocol.Span[NextHeader.Tcp]);
        Assert.Equal(256, tables.ByProtocol.Length);
    }

    [Fact]
    public void Compile_ThirtyTwoRules_UseEveryBit()
    {
        PolicyTables tables = PolicyTables.Compile([.. Enumerable.Range(0, 32).Select(i => Rule("::/0") with { SampleOneIn = (uint)i + 1 })]);

        Assert.Equal(uint.MaxValue, tables.ByDestination[Prefix("::/0")]);
        Assert.Equal(32u, tables.Rules[31].SampleOneIn);
    }

    [Fact]
    public void Compile_ImpossibleRules_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => PolicyTables.Compile([.. Enumerable.Repeat(Rule("::/0"), 33)]));
        Assert.Throws<ArgumentException>(() => PolicyTables.Compile([new PolicyRule([], s_udp, [])]));
        Assert.Throws<ArgumentException>(() => PolicyTables.Compile([Rule("::/0") with { SampleOneIn = 0 }]));
        Assert.Throws<ArgumentException>(() => PolicyTables.Compile([Rule("::/0") with { Ports = [new PortRange(2, 1)] }]));
    }

    [Fact]
    public void Compile_Exceptions_TakeTheRuleOutOfTheirPrefix()
    {
        PolicyTables tables = PolicyTables.Compile(
        [
            Rule("2001:db8::/32") with { ExceptDestinations = [Prefix("2001:db8:1::/48")] },
            Rule("2001:db8:1:2::/64"),
        ]);

        Assert.Equal(0b01u, tables.ByDestination[Prefix("2001:db8::/32")]);
        Assert.Equal(0b00u, tables.ByDestination[Prefix("2001:db8:1::/48")]);
        Assert.Equal(0b10u, tables.ByDestination[Prefix("2001:db8:1:2::/64")]);
    }

    [Fact]
    public void Compile_ExtensionHeaders_RuleNothingOut() => Assert.Equal(
        1u, PolicyTables.Compile([new PolicyRule([PolicyRule.Everywhere], s_udp, [])]).ByProtocol.Span[NextHeader.Routing]);

    private static PolicyRule Rule(string prefix) => new([Prefix(prefix)], [], []);

    private static Ipv6Prefix Prefix(string text)
    {
        Assert.True(Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix), text);
        return prefix;
    }
}
