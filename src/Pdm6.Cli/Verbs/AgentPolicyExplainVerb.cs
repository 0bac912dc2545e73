using System.CommandLine;
using System.Text.Json;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Policy;
using Pdm6.Wire;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent policy explain</c>.</summary>
internal sealed class AgentPolicyExplainVerb : Verb
{
    internal AgentPolicyExplainVerb() : base(
        "explain",
        "Says which rule a packet falls under, what carries its measurement, and why not.",
        "pdm6 agent policy explain /etc/pdm6/agent.json udp [2001:db8::1]:40000 [2001:db8::2]:53",
        "The packet is one that this host sends. What decides beyond the rules, such as keys and the path MTU, the counters of\n"
        + "'pdm6 agent status' tell.")
    {
        Argument<string> file = new("file") { Description = "The agent's configuration (JSON)." };
        Argument<string> protocol = new("protocol") { Description = "tcp, udp, icmpv6, sctp, dccp, udplite or a number." };
        Argument<string> source = new("source") { Description = "An address; with a port: [2001:db8::1]:40000." };
        Argument<string> destination = new("destination") { Description = "The same; behind a Routing header, the final one." };
        Option<string?> dscp = new("--dscp") { Description = "Code point: 0 to 63, or a name such as ef." };
        Option<string?> mark = new("--mark") { Description = "The packet's mark, such as 0x10." };
        Option<string?> leaves = new("--interface") { Description = "The interface by which it leaves." };
        Option<string?> cgroup = new("--cgroup") { Description = "The control group of its socket, such as /system.slice/nginx.service." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        foreach (Argument argument in (Argument[])[file, protocol, source, destination])
            Add(argument);
        foreach (Option option in (Option[])[dscp, mark, leaves, cgroup, json])
            Add(option);
        SetAction(parsed =>
        {
            FlowKey flow = FlowArguments.Read(
                parsed.GetRequiredValue(protocol), parsed.GetRequiredValue(source), parsed.GetRequiredValue(destination));
            PolicyExplanation explanation = PolicyExplanation.Of(
                AgentConfiguration.Load(parsed.GetRequiredValue(file)), flow, FlowArguments.ReadDscp(parsed.GetValue(dscp)),
                FlowArguments.ReadMark(parsed.GetValue(mark)), parsed.GetValue(leaves), parsed.GetValue(cgroup));
            Write(parsed.InvocationConfiguration.Output, explanation, parsed.GetValue(json));
            return ExitCode.Success;
        });
    }

    private static void Write(TextWriter output, PolicyExplanation explanation, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(explanation, PolicyJson.Default.PolicyExplanation));
            return;
        }
        int width = explanation.Steps.Select(step => step.Name.Length).DefaultIfEmpty().Max();
        foreach (PolicyStep step in explanation.Steps)
            output.WriteLine($"{step.Rule,3}  {step.Name.PadRight(width)}  {(step.Fits ? "fits" : "no  ")}  {step.Why}");
        if (explanation.Rule is null)
            output.WriteLine(explanation.Outcome);
    }
}
