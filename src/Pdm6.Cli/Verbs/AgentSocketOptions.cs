using System.CommandLine;
using Pdm6.Agent.Configuration;

namespace Pdm6.Cli.Verbs;

/// <summary>Which running agent is meant: by its configuration, or by its status socket.</summary>
internal sealed class AgentSocketOptions
{
    private readonly Option<string?> _configuration = new("--config") { Description = "The configuration of the agent to ask." };
    private readonly Option<string?> _socket = new("--socket") { Description = "Its status socket, instead of --config." };

    private readonly string _whenMissing;

    /// <param name="verb">Gets the options.</param>
    /// <param name="whenMissing">What to say where neither is given, or both are.</param>
    internal AgentSocketOptions(Command verb, string whenMissing = "Say which agent: give either --config FILE or --socket PATH.")
    {
        _whenMissing = whenMissing;
        verb.Add(_configuration);
        verb.Add(_socket);
    }

    /// <summary>True if one of them is given.</summary>
    internal bool IsGiven(ParseResult parsed) => parsed.GetValue(_configuration) is not null || parsed.GetValue(_socket) is not null;

    internal string Path(ParseResult parsed) => (parsed.GetValue(_configuration), parsed.GetValue(_socket)) switch
    {
        (null, { } socket) => socket,
        ({ } configuration, null) => AgentConfiguration.Load(configuration).StatusSocket,
        _ => throw new WrongUseException(_whenMissing),
    };
}
