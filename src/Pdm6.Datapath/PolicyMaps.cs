using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Writes policy tables into the maps that the egress program combines.</summary>
internal sealed class PolicyMaps(BpfObject programs)
{
    private readonly BpfMap _rules = programs.Map("rules");
    private readonly BpfMap _byDestination = programs.Map("rules_by_destination");
    private readonly BpfMap _byProtocol = programs.Map("rules_by_protocol");
    private readonly BpfMap _byPort = programs.Map("rules_by_port");
    private readonly HashSet<Ipv6Prefix> _written = [];

    internal void Write(PolicyTables tables)
    {
        AbiRule[] rules = new AbiRule[PolicyTables.MaxRules];
        for (int i = 0; i < tables.Rules.Count; i++)
            rules[i] = AbiRule.From(tables.Rules[i]);
        _rules.SetArray<AbiRule>(rules);
        _byProtocol.SetArray(tables.ByProtocol.Span);
        _byPort.SetArray(tables.ByPort.Span);
        foreach ((Ipv6Prefix prefix, uint mask) in tables.ByDestination)
        {
            _byDestination.Set(AbiPrefix.From(prefix), mask);
            _written.Add(prefix);
        }
        foreach (Ipv6Prefix stale in _written.Where(prefix => !tables.ByDestination.ContainsKey(prefix)).ToArray())
        {
            _byDestination.Remove(AbiPrefix.From(stale));
            _written.Remove(stale);
        }
    }
}
