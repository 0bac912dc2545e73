using System.CommandLine;
using Pdm6.Agent.Configuration;

namespace Pdm6.Cli.Verbs;

/// <summary>Which running agent is meant: by its configuration, or by its status socket.</summary>
internal sealed class AgentSocketOptions
{
    private readonly Option<string?> _configuration = new("--config") { Description = "The configuration of the agent to ask." };
    private readonly Option<string?> _socket = new("--socket") { Description = "Its status socket, instead of --config." };

    internal AgentSocketOptions(Command verb)
    {
        verb.Add(_configuration);
        verb.Add(_socket);
    }

    internal string Path(ParseResult parsed) => (parsed.GetValue(_configuration), parsed.GetValue(_socket)) switch
    {
        (null, { } socket) => socket,
        ({ } configuration, null) => AgentConfiguration.Load(configuration).StatusSocket,
        _ => throw new WrongUseException("Say which agent: give either --config FILE or --socket PATH."),
    };
}
