using Pdm6.Agent.Configuration;

namespace Pdm6.Cli.Verbs;

/// <summary>Which running agent a verb is to ask.</summary>
internal static class AgentPlace
{
    /// <summary>The status socket.</summary>
    /// <param name="configuration">The agent's configuration, or null.</param>
    /// <param name="socket">Its status socket, or null.</param>
    internal static string SocketOf(string? configuration, string? socket) => (configuration, socket) switch
    {
        (null, not null) => socket,
        (not null, null) => AgentConfiguration.Load(configuration).StatusSocket,
        _ => throw new WrongUseException("Say which agent: give either --config FILE or --socket PATH."),
    };
}
