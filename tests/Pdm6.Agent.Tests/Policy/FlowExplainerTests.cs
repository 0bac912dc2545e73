using System.Text;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Policy;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Policy;

public class FlowExplainerTests
{
    private static readonly Ipv6Address s_here = Ipv6Address.Parse("2001:db8::1"), s_there = Ipv6Address.Parse("2001:db8::2");

    [Theory]
    [InlineData("", NextHeader.Tcp, (LostForms)0, "destopt-v2", "measured with destopt-v2, if the packet has room")]
    [InlineData("\"packetsPerSecond\": 9", NextHeader.Udp, LostForms.Surplus, "destopt-v2", "measured with destopt-v2, up to 9 packets a second, if")]
    [InlineData("", NextHeader.Udp, LostForms.Header48, "udp-option",
        "measured with udp-option instead of destopt-v2: on the path to 2001:db8::2, packets with a Destination Options header of 48 octets do not arrive whole, if")]
    [InlineData("", NextHeader.Tcp, LostForms.Header48, null,
        "left alone: on the path to 2001:db8::2, packets with a Destination Options header of 48 octets do not arrive whole, and the rule allows no other form")]
    [InlineData("\"sampleOneIn\": 2147483647", NextHeader.Udp, (LostForms)0, null, "left alone: the flow is not the one in 2147483647")]
    [InlineData("\"mark\": \"0x5\"", NextHeader.Udp, (LostForms)0, null, "no rule fits: left alone")]
    public void Explain_PairWithAKey_SaysWhatCarriesItNow(string settings, byte protocol, LostForms lost, string? carriage, string outcome)
    {
        FlowExplanation explanation = Explain(settings, protocol, hasKey: true, lost: lost);

        Assert.True(explanation.HasKey);
        Assert.Equal(carriage, explanation.Carriage);
        Assert.StartsWith(outcome, explanation.Outcome, StringComparison.Ordinal);
        Assert.Equal(lost == 0, explanation.LostForms.Count == 0);
    }

    [Theory]
    [InlineData(true, false, "left alone: the pair has no key yet (no-key): 2001:db8::2 is registered")]
    [InlineData(false, true, "left alone: the pair has no key yet (no-key): the first packet asks for one")]
    [InlineData(false, false, "left alone: the pair has no key (no-key): nobody is known to have registered 2001:db8::2; enroll that host")]
    public void Explain_PairWithoutAKey_SaysWhyAndWhatToDo(bool isRegistered, bool unregisteredDestinations, string outcome)
    {
        FlowExplanation explanation = Explain("", NextHeader.Udp, hasKey: false, isRegistered, unregisteredDestinations);

        Assert.False(explanation.HasKey);
        Assert.Null(explanation.Carriage);
        Assert.StartsWith(outcome, explanation.Outcome, StringComparison.Ordinal);
        Assert.Equal("destopt-v2", explanation.Policy.Carriage); // what the rules alone say
    }

    [Fact]
    public void Explain_AddressOrInterfaceOfSomebodyElse_SaysWhatIsMeasured()
    {
        FlowExplainer explainer = Explainer(Parse("", false), true, true, 0);
        FlowKey flow = new(s_there, s_here, NextHeader.Udp, 1000, 53);

        Assert.StartsWith(
            "left alone: 2001:db8::2 is not an address that this agent measures from (no-key); it measures from 2001:db8::1",
            explainer.Explain(FlowQuestion.For(flow, 0, 0, null, null), flow).Outcome, StringComparison.Ordinal);
        Assert.Equal(
            "left alone: the agent does not measure on eth9; it measures on eth0",
            explainer.Explain(FlowQuestion.For(flow, 0, 0, "eth9", null), flow).Outcome);
    }

    [Fact]
    public void Explain_OneInterfaceOnly_NeedsNoInterfaceInTheQuestion() =>
        Assert.Equal("destopt-v2", Explain("\"interfaces\": [\"eth0\"]", NextHeader.Udp, hasKey: true).Carriage);

    [Fact]
    public async Task AskAsync_OverTheSocket_IsWhatTheExplainerSays()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("pdm6-explain-").FullName, "a.sock");
        FlowKey flow = new(s_here, s_there, NextHeader.Udp, 1000, 53);
        FlowQuestion question = FlowQuestion.For(flow, 10, 1, "eth0", "/a/b");
        FlowExplainer explainer = Explainer(Parse("\"dscp\": [10], \"mark\": \"1\", \"cgroups\": [\"/a\"]", false), true, true, LostForms.Header48);

        using (StatusSocket socket = FlowExplanation.Open(path, explainer))
        {
            FlowExplanation answer = await FlowExplanation.AskAsync(path, question, default);

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{path}.explain"));
            Assert.Equal(("x", "udp-option"), (answer.Policy.Rule, answer.Carriage));
            Assert.Equal(["Header48"], answer.LostForms);
            foreach (string hostile in (string[])["", "{", "null", "[1]", "{\"source\":\"nowhere\"}", new string('x', 8000)])
                Assert.Empty(await QuestionSocket.AskAsync($"{path}.explain", hostile, TimeSpan.FromSeconds(10), default));
            Assert.Equal(answer.Outcome, (await FlowExplanation.AskAsync(path, question, default)).Outcome);
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static FlowExplanation Explain(
        string settings, byte protocol, bool hasKey, bool isRegistered = true, bool unregisteredDestinations = false, LostForms lost = 0)
    {
        FlowKey flow = new(s_here, s_there, protocol, 1000, 53);
        return Explainer(Parse(settings, unregisteredDestinations), hasKey, isRegistered, lost).Explain(FlowQuestion.For(flow, 0, 0, null, null), flow);
    }

    private static FlowExplainer Explainer(AgentConfiguration configuration, bool hasKey, bool isRegistered, LostForms lost) =>
        new(() => configuration, [s_here], _ => hasKey, _ => isRegistered, _ => lost);

    private static AgentConfiguration Parse(string settings, bool unregisteredDestinations) => AgentConfiguration.Parse(
        Encoding.UTF8.GetBytes($$"""
            { "name": "h", "interfaces": ["eth0"], "keyFile": "k", "collector": "https://[::1]:1",
              "unregisteredDestinations": {{(unregisteredDestinations ? "true" : "false")}}, "rules": [{ "name": "x", {{settings}} }] }
            """), "/");
}
