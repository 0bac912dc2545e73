using Pdm6.Agent.Configuration;
using Pdm6.Datapath;

namespace Pdm6.Agent.Policy;

/// <summary>Numbers for the interfaces and control groups of a configuration, so that its rules can be looked at on any
/// host: only which of them are the same matters.</summary>
internal sealed class NamedOrigins
{
    private readonly Dictionary<string, int> _interfaces = [];
    private readonly Dictionary<string, ControlGroup> _cgroups = [];

    internal IReadOnlyList<PolicyRule> RulesOf(AgentConfiguration configuration) =>
        [.. configuration.Rules.Select(rule => rule.ToPolicy(InterfaceIndex, Cgroup))];

    internal int InterfaceIndex(string name)
    {
        if (!_interfaces.TryGetValue(name, out int index))
            _interfaces.Add(name, index = _interfaces.Count + 1);
        return index;
    }

    /// <summary>A control group and those around it.</summary>
    internal IReadOnlyList<ControlGroup> CgroupsAround(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return [.. Enumerable.Range(0, names.Length + 1).Select(depth => Cgroup(string.Join('/', names[..depth])))];
    }

    private ControlGroup Cgroup(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string key = string.Join('/', names);
        if (!_cgroups.TryGetValue(key, out ControlGroup group))
            _cgroups.Add(key, group = new ControlGroup((ulong)_cgroups.Count + 1, names.Length));
        return group;
    }
}
