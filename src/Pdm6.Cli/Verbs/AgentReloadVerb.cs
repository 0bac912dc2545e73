using System.CommandLine;
using Pdm6.Agent;
using Pdm6.Agent.Status;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent reload</c>.</summary>
internal sealed class AgentReloadVerb : Verb
{
    internal AgentReloadVerb() : base(
        "reload",
        "Has a running agent read the rules of its configuration again, without a gap (as SIGHUP does).",
        "pdm6 agent reload --config /etc/pdm6/agent.json",
        "Rules and caps on packets a second are taken; other settings want a restart. Rules that cannot be are refused, and the\n"
        + "old ones stay.")
    {
        AgentSocketOptions agent = new(this);
        SetAction(async (parsed, stop) =>
        {
            await ReloadRequest.SendAsync(SocketOf(agent, parsed), stop).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output.WriteLineAsync("The new rules are in use.").ConfigureAwait(false);
            return ExitCode.Success;
        });
    }

    /// <summary>The configuration that tells the socket is the one that the agent would read: what is wrong with it leaves
    /// the policy as it is.</summary>
    private static string SocketOf(AgentSocketOptions agent, ParseResult parsed)
    {
        try
        {
            return agent.Path(parsed);
        }
        catch (AgentException error)
        {
            throw new AgentException(ReloadRequest.Refused(error.Message), error);
        }
    }
}
