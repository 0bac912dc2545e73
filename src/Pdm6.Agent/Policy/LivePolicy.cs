using Pdm6.Agent.Configuration;
using Pdm6.Datapath;

namespace Pdm6.Agent.Policy;

/// <summary>
/// The policy in use, and how another takes its place while packets flow. Each name of a rule has a number for as long as
/// the agent runs: counters and observations bear it, so they stay right when rules come, go and change places.
/// </summary>
internal sealed class LivePolicy(KernelDatapath datapath)
{
    private readonly Lock _lock = new();
    private List<string> _names = [];
    private AgentConfiguration? _configuration;

    /// <summary>Every name that a rule has had, by its number.</summary>
    internal IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return _names;
        }
    }

    /// <summary>The configuration whose rules are in use.</summary>
    internal AgentConfiguration Configuration => Volatile.Read(ref _configuration) ?? throw new InvalidOperationException("No policy is in use.");

    /// <summary>Checks the rules against this host, tells who must know their names, and puts them in use in one
    /// step.</summary>
    /// <param name="configuration">Rules and caps; the rest is not looked at.</param>
    /// <param name="announce">Called with all names before packets can count for a new one.</param>
    /// <exception cref="AgentException">Something is wrong; the former policy stays.</exception>
    internal void Use(AgentConfiguration configuration, Action<IReadOnlyList<string>> announce)
    {
        lock (_lock)
        {
            List<string> names = [.. _names, .. configuration.Rules.Select(rule => rule.Name).Except(_names)];
            if (names.Count > PolicyTables.MaxRules)
                throw new AgentException(
                    $"\"rules\": the agent has known {names.Count} names of rules since it started, and {PolicyTables.MaxRules} is the most; "
                    + "use old names again, or restart it");
            PolicyTables tables;
            try
            {
                tables = PolicyTables.Compile(
                    [.. configuration.Rules.Select(rule => rule.ToPolicy(FindInterface, FindCgroup) with { Group = names.IndexOf(rule.Name) })],
                    (uint)configuration.PacketsPerSecond);
            }
            catch (ArgumentException error)
            {
                throw new AgentException($"\"rules\": {error.Message}", error);
            }
            _names = names;
            announce(names);
            datapath.SetPolicy(tables);
            Volatile.Write(ref _configuration, configuration);
        }
    }

    private static int FindInterface(string name) => HostInterface.Find(name)?.Index
        ?? throw new AgentException($"There is no interface {name}: 'ip link' lists those of this host");

    private static ControlGroup FindCgroup(string path) => HostCgroup.Find(path) ?? throw new AgentException(HostCgroup.MountPoint is { } mount
        ? $"\"cgroups\": there is no {mount}{path}; start what makes it, or take it out"
        : "\"cgroups\": cgroup v2 is not mounted on this host; boot with systemd.unified_cgroup_hierarchy=1, or select by \"mark\"");
}
