using System.CommandLine;
using Pdm6.Agent;
using Pdm6.Agent.Configuration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 agent</c>: the daemon of one host.</summary>
internal sealed class AgentVerb : Verb
{
    internal AgentVerb() : base(
        "agent",
        "Measures this host's traffic: seals outgoing packets, observes incoming ones, reports to a collector.",
        "pdm6 agent --config /etc/pdm6/agent.json")
    {
        Option<string> configuration = new("--config") { Description = "The agent's configuration (JSON).", Required = true };
        Add(configuration);
        SetAction(async (parsed, stop) =>
        {
            TextWriter log = TextWriter.Synchronized(parsed.InvocationConfiguration.Error);
            string file = parsed.GetRequiredValue(configuration);
            // From its first moment on: whoever sees that it runs may ask it to reload.
            TaskCompletionSource<AgentHost> started = new();
            HangUp.Handle(() => started.Task.GetAwaiter().GetResult().ReloadPolicy(() => AgentConfiguration.Load(file)));
            using AgentHost agent = AgentHost.Start(
                AgentConfiguration.Load(file), line => log.WriteLine($"pdm6 agent: {line}"));
            await log.WriteLineAsync($"pdm6 agent: measuring from {string.Join(", ", agent.Addresses)}").ConfigureAwait(false);
            started.SetResult(agent);
            await agent.RunAsync(stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
        Add(new AgentStatusVerb());
        Add(new AgentReloadVerb());
        Add(new Command("policy", "The rules of an agent's configuration.") { new AgentPolicyCheckVerb(), new AgentPolicyExplainVerb() });
        Add(new Command("config", "The agent's configuration.") { new AgentConfigurationExampleVerb() });
    }
}
