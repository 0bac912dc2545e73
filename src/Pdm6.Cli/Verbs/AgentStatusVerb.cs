using System.CommandLine;
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
        Option<string?> configuration = new("--config") { Description = "The configuration of the agent to ask." };
        Option<string?> socket = new("--socket") { Description = "Its status socket, instead of --config." };
        Add(configuration);
        Add(socket);
        SetAction(async (parsed, stop) =>
        {
            AgentStatus status = await AgentStatus
                .AskAsync(AgentPlace.SocketOf(parsed.GetValue(configuration), parsed.GetValue(socket)), stop).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Encoding.UTF8.GetString(status.ToJson())).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
