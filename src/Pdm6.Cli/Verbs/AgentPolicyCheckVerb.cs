using System.CommandLine;
using System.Text.Json;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Policy;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent policy check</c>.</summary>
internal sealed class AgentPolicyCheckVerb : Verb
{
    internal AgentPolicyCheckVerb() : base(
        "check",
        "Says whether a configuration loads, and which of its rules can never take a packet.",
        "pdm6 agent policy check /etc/pdm6/agent.json",
        "Changes nothing and asks nobody: interfaces and control groups need not be there. Exit code 0 also with warnings, 2 if\n"
        + "the file would be refused.")
    {
        Argument<string> file = new("file") { Description = "The agent's configuration (JSON)." };
        Option<bool> json = new("--json") { Description = "Print the warnings as JSON." };
        Add(file);
        Add(json);
        SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            AgentConfiguration configuration = AgentConfiguration.Load(parsed.GetRequiredValue(file));
            IReadOnlyList<PolicyWarning> warnings = PolicyCheck.Run(configuration);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(warnings, PolicyJson.Default.IReadOnlyListPolicyWarning));
                return ExitCode.Success;
            }
            foreach (PolicyWarning warning in warnings)
                output.WriteLine($"warning: rule {warning.Rule}, {warning.Name}: {warning.Text}");
            output.WriteLine($"{configuration.Rules.Count} rules, {warnings.Count} warnings: the configuration loads.");
            return ExitCode.Success;
        });
    }
}
