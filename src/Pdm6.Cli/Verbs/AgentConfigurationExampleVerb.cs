using Pdm6.Agent.Configuration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent config example</c>.</summary>
internal sealed class AgentConfigurationExampleVerb : Verb
{
    internal AgentConfigurationExampleVerb() : base(
        "example",
        "Prints a commented configuration to start from.",
        "pdm6 agent config example > agent.json")
    {
        SetAction(parsed => parsed.InvocationConfiguration.Output.Write(AgentConfiguration.Example));
    }
}
