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
        "pdm6 agent policy explain udp [2001:db8::1]:40000 [2001:db8::2]:53 --config /etc/pdm6/agent.json",
        "The packet is one that this host sends. With --config or --socket the running agent answers: with its rules, its keys and\n"
        + "what it knows of the path at this moment. With --file nobody is asked: it is what the rules of the file say.")
    {
        Argument<string> protocol = new("protocol") { Description = "tcp, udp, icmpv6, sctp, dccp, udplite or a number." };
        Argument<string> source = new("source") { Description = "An address; with a port: [2001:db8::1]:40000." };
        Argument<string> destination = new("destination") { Description = "The same; behind a Routing header, the final one." };
        Option<string?> file = new("--file") { Description = "Explain the rules of this configuration; no agent need run." };
        Option<string?> dscp = new("--dscp") { Description = "Code point: 0 to 63, or a name such as ef." };
        Option<string?> mark = new("--mark") { Description = "The packet's mark, such as 0x10." };
        Option<string?> leaves = new("--interface") { Description = "The interface by which it leaves." };
        Option<string?> cgroup = new("--cgroup") { Description = "The control group of its socket, such as /system.slice/nginx.service." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        foreach (Argument argument in (Argument[])[protocol, source, destination])
            Add(argument);
        AgentSocketOptions agent = new(this, "Say whose rules: give --config FILE or --socket PATH of a running agent, or --file FILE.");
        foreach (Option option in (Option[])[file, dscp, mark, leaves, cgroup, json])
            Add(option);
        SetAction(async (parsed, stop) =>
        {
            FlowKey flow = FlowArguments.Read(
                parsed.GetRequiredValue(protocol), parsed.GetRequiredValue(source), parsed.GetRequiredValue(destination));
            (byte codePoint, uint number) = (FlowArguments.ReadDscp(parsed.GetValue(dscp)), FlowArguments.ReadMark(parsed.GetValue(mark)));
            (string? name, string? group) = (parsed.GetValue(leaves), parsed.GetValue(cgroup));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(file) is { } path && !agent.IsGiven(parsed))
                Write(output, PolicyExplanation.Of(AgentConfiguration.Load(path), flow, codePoint, number, name, group), parsed.GetValue(json));
            else if (parsed.GetValue(file) is not null)
                throw new WrongUseException("--file asks no agent, --config and --socket do: give one of them.");
            else
                Write(output, await FlowExplanation.AskAsync(
                    agent.Path(parsed), FlowQuestion.For(flow, codePoint, number, name, group), stop).ConfigureAwait(false), parsed.GetValue(json));
            return ExitCode.Success;
        });
    }

    private static void Write(TextWriter output, FlowExplanation explanation, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(explanation, PolicyJson.Default.FlowExplanation));
            return;
        }
        Write(output, explanation.Policy, asJson: false);
        output.WriteLine($"key:  {(explanation.HasKey ? "the pair has one" : "none")}");
        output.WriteLine($"path: {(explanation.LostForms.Count == 0 ? "nothing is known to be lost" : $"loses {string.Join(", ", explanation.LostForms)}")}");
        output.WriteLine($"now:  {explanation.Outcome}");
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
