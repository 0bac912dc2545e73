using System.Text;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Policy;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Policy;

public class PolicyExplanationTests
{
    private static readonly Ipv6Address s_here = Ipv6Address.Parse("2001:db8::1"), s_there = Ipv6Address.Parse("2001:db8::2");

    [Theory]
    [InlineData("\"protocols\": [\"tcp\"]", "protocols do not have 17")]
    [InlineData("\"ports\": [80]", "ports have neither 1000 nor 53")]
    [InlineData("\"dscp\": [\"ef\"]", "dscp does not have 10")]
    [InlineData("\"mark\": \"0x10\"", "mark does not fit 0x1")]
    [InlineData("\"interfaces\": [\"eth1\"]", "interfaces do not have eth0")]
    [InlineData("\"cgroups\": [\"/a/b\"]", "cgroups have nothing around /a/c")]
    [InlineData("\"destinations\": [\"2001:db9::/32\"]", "destinations, without their exceptions, do not have 2001:db8::2")]
    [InlineData("\"exceptDestinations\": [\"2001:db8::/32\"]", "destinations, without their exceptions, do not have 2001:db8::2")]
    [InlineData("\"sources\": [\"2001:db9::/32\"]", "sources, without their exceptions, do not have 2001:db8::1")]
    public void Of_RuleThatDoesNotFit_SaysInWhat(string setting, string why)
    {
        PolicyExplanation explanation = Explain($$"""{ "name": "x", {{setting}} }""");

        Assert.Equal(why, Assert.Single(explanation.Steps).Why);
        Assert.Null(explanation.Rule);
        Assert.StartsWith("no rule fits", explanation.Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"dscp\": [\"af11\"], \"mark\": \"0x1/0xf\", \"interfaces\": [\"eth0\"], \"cgroups\": [\"/a\"]", "measured with destopt-v2, if")]
    [InlineData("\"packetsPerSecond\": 7, \"flowPacketsPerSecond\": 5", "measured with destopt-v2, up to 5 packets a second")]
    [InlineData("\"sampleOneIn\": 9, \"sampleBy\": \"packet\"", "measured with destopt-v2, one packet in 9")]
    [InlineData("\"sampleOneIn\": 2147483647", "left alone: the flow is not the one in 2147483647")]
    public void Of_RuleThatFits_SaysWhatItDoes(string settings, string outcome)
    {
        PolicyExplanation explanation = Explain($$"""{ "name": "no", "ports": [1] }, { "name": "x", {{settings}} }, { "name": "late" }""");

        Assert.Equal(["no", "x"], explanation.Steps.Select(step => step.Name));
        Assert.Equal("x", explanation.Rule);
        Assert.StartsWith(outcome, explanation.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PacketThatIsLeftAloneAnyway_SaysSo()
    {
        AgentConfiguration configuration = Parse("""{ "name": "x" }""");

        Assert.Contains("multicast", PolicyExplanation.Of(configuration, new FlowKey(s_here, Ipv6Address.Parse("ff02::1"), 17, 1, 2)).Outcome, StringComparison.Ordinal);
        Assert.Contains("to itself", PolicyExplanation.Of(configuration, new FlowKey(s_here, s_here, 17, 1, 2)).Outcome, StringComparison.Ordinal);
        Assert.Contains("extension header", PolicyExplanation.Of(configuration, new FlowKey(s_here, s_there, 43, 0, 0)).Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"name\": \"a\" }, { \"name\": \"b\", \"protocols\": [\"udp\"] }", 2, "no packet can fall under it: rule 1, a, comes first")]
    [InlineData("{ \"name\": \"a\", \"destinations\": [\"2001:db8::/32\"], \"exceptDestinations\": [\"::/0\"] }", 1, "no packet can fall under it: its exceptions")]
    [InlineData("{ \"name\": \"a\", \"sampleBy\": \"packet\", \"sampleOneIn\": 2 }", 1, "\"sampleBy\": \"packet\" mixes packets")]
    [InlineData("{ \"name\": \"a\", \"sampleBy\": \"packet\" }", 1, "\"sampleBy\" does nothing")]
    [InlineData("{ \"name\": \"a\", \"flowPacketsPerSecond\": 9, \"packetsPerSecond\": 8 }", 1, "\"flowPacketsPerSecond\" is above")]
    public void Check_OddRule_IsWarnedOf(string rules, int position, string text)
    {
        PolicyWarning warning = Assert.Single(PolicyCheck.Run(Parse(rules)));

        Assert.Equal(position, warning.Rule);
        Assert.StartsWith(text, warning.Text, StringComparison.Ordinal);
    }

    private static PolicyExplanation Explain(string rules) => PolicyExplanation.Of(
        Parse(rules), new FlowKey(s_here, s_there, NextHeader.Udp, 1000, 53), dscp: 10, mark: 1, interfaceName: "eth0", cgroup: "/a/c");

    private static AgentConfiguration Parse(string rules) => AgentConfiguration.Parse(
        Encoding.UTF8.GetBytes($$"""{ "name": "h", "interfaces": ["eth0", "eth1"], "keyFile": "k", "collector": "https://[::1]:1", "rules": [{{rules}}] }"""), "/");
}
