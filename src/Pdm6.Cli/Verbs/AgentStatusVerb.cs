using System.Text;
using Pdm6.Agent.Status;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent status</c>.</summary>
internal sealed class AgentStatusVerb : Verb
{
    internal AgentStatusVerb() : base(
        "status",
        "Prints what a running agent says of itself (JSON).",
        "pdm6 agent status --config /etc/pdm6/agent.json")
    {
        AgentSocketOptions agent = new(this);
        SetAction(async (parsed, stop) =>
        {
            AgentStatus status = await AgentStatus.AskAsync(agent.Path(parsed), stop).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Encoding.UTF8.GetString(status.ToJson())).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
