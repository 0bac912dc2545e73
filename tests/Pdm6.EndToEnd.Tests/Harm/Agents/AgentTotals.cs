using Pdm6.Export;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>What all lives of the agents counted together, as far as they were asked before their end.</summary>
internal sealed class AgentTotals
{
    private readonly SortedDictionary<string, long> _sealed = [], _sentClear = [], _leftAlone = [], _notSelected = [], _received = [];

    /// <summary>Packets sealed by all rules; a super-packet is one.</summary>
    internal long SealedPackets
    {
        get
        {
            lock (_sealed)
                return _sealed.Values.Sum();
        }
    }

    /// <summary>Options received, by verdict.</summary>
    internal IReadOnlyDictionary<string, long> Received => _received;

    internal void Add(CounterReport report)
    {
        lock (_sealed)
        {
            foreach (RuleCounters rule in report.Rules)
            {
                Add(_sealed, rule.Name, rule.Sealed);
                Add(_sentClear, rule.Name, rule.SentClear);
                foreach ((string reason, long count) in rule.LeftAlone)
                    Add(_leftAlone, reason, count);
            }
            foreach ((string reason, long count) in report.NotSelected)
                Add(_notSelected, reason, count);
            foreach ((string verdict, long count) in report.Ingress)
                Add(_received, verdict, count);
        }
    }

    public override string ToString() =>
        $"sealed: {Text(_sealed)}\nin clear: {Text(_sentClear)}\nleft alone: {Text(_leftAlone)}\nnot selected: {Text(_notSelected)}\noptions received: {Text(_received)}";

    private static void Add(SortedDictionary<string, long> counts, string name, long count)
    {
        if (count > 0)
            counts[name] = counts.GetValueOrDefault(name) + count;
    }

    private static string Text(SortedDictionary<string, long> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(entry => $"{entry.Key} {entry.Value:n0}"));
}
