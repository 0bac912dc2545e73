using System.Net.Sockets;
using System.Text.Json;
using Pdm6.Agent.Status;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>An agent on the client that has neither a collector nor another agent to talk to, and measures whatever its rules
/// say. The server has none: it skips the option, and delivers.</summary>
internal sealed class LoneAgent
{
    private const int FirstPort = 7301;
    // Takes the packets that lead to a key, in a form that no router minds.
    private static readonly object s_first = new { name = "first", protocols = (string[])["udp"], ports = (int[])[FirstPort], carriage = "udp-option" };

    private readonly Laboratory _hosts;
    private readonly string _directory;

    private LoneAgent(Laboratory hosts, string directory, object[] rules)
    {
        (_hosts, _directory) = (hosts, directory);
        KeyFile.Create(Path.Combine(directory, "lab.key"));
        WriteRules(rules);
        string socket = Path.Combine(directory, "agent.sock");
        // 'ip netns exec' hides what is mounted below /sys, and the rules may ask for control groups.
        CommandLine agent = Pdm6Program.Command("agent", "--config", Configuration);
        Running = new RunningAgent(
            hosts.Start("the agent", hosts.Client, CommandLine.Of(
                "sh", ["-c", "mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec \"$0\" \"$@\"", agent.Program, .. agent.Arguments])),
            socket);
    }

    /// <summary>The process.</summary>
    internal RunningAgent Running { get; }

    /// <summary>Its configuration.</summary>
    internal string Configuration => Path.Combine(_directory, "agent.json");

    /// <summary>Starts it; returns when it has a key for packets from the client to the server.</summary>
    internal static async Task<LoneAgent> StartAsync(Laboratory hosts, string directory, params object[] rules)
    {
        LoneAgent agent = new(hosts, directory, rules);
        using Socket first = hosts.Client.Within(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp));
        AgentStatus? status = null;
        await Poll.UntilAsync(
            async () =>
            {
                await first.SendToAsync(new byte[8], LaboratorySockets.ServerAt(FirstPort));
                return (status = await agent.Running.TryStatusAsync()) is { PairsWithKey: > 0 };
            },
            () => $"the agent has no key: {status}");
        return agent;
    }

    /// <summary>Replaces the rules in the file.</summary>
    internal void WriteRules(params object[] rules) => File.WriteAllText(Configuration, JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["name"] = "client",
        ["interfaces"] = (string[])[Laboratory.MeasuredInterface],
        ["keyFile"] = "lab.key",
        ["collector"] = "https://[::1]:8651", // nobody is there
        ["rules"] = rules.Prepend(s_first),
        ["unregisteredDestinations"] = true,
        ["statusSocket"] = "agent.sock",
    }));

    /// <summary>Runs <c>pdm6 agent</c> with a verb, as its operator does.</summary>
    internal Task<ProgramResult> RunAsync(params string[] arguments) =>
        _hosts.Client.Inside(Pdm6Program.Command(["agent", .. arguments])).RunAsync();
}
