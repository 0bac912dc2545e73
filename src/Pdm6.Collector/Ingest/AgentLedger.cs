using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Ingest;

/// <summary>
/// The agents as the pipeline knows them: what their rule numbers mean, which batches were taken, what they counted.
/// Single-threaded.
/// </summary>
internal sealed class AgentLedger(GroupIndex groups)
{
    // The registry lets in no more than half of this at a time; the rest are agents that have expired.
    private const int Most = 2 * AgentRegistry.MostAgents;

    /// <summary>An agent without a report for so long is waited for no more.</summary>
    public const ulong PatienceNs = 10 * UnixTime.NanosecondsPerSecond;

    private readonly Dictionary<IncarnationId, KnownAgent> _agents = [];
    private readonly HashSet<IncarnationId> _changed = [];
    private readonly Dictionary<string, ulong> _reportedUntil = new(StringComparer.Ordinal);

    public void Restore(StoredAgent stored) =>
        _agents[stored.Description.IncarnationId] = new KnownAgent(stored, groups);

    public void Put(AgentDescription description, ulong nowUnixNs)
    {
        if (!_agents.TryGetValue(description.IncarnationId, out KnownAgent? agent))
        {
            if (_agents.Count == Most)
                _agents.Remove(_agents.MinBy(entry => entry.Value.LastSeenUnixNs).Key);
            _agents[description.IncarnationId] = agent = new KnownAgent(description, groups);
        }
        agent.Describe(description, groups, nowUnixNs);
        _changed.Add(description.IncarnationId);
    }

    /// <summary>The agent that something came from; null if it was forgotten in between.</summary>
    public KnownAgent? Find(IncarnationId incarnation)
    {
        KnownAgent? agent = _agents.GetValueOrDefault(incarnation);
        if (agent is not null)
            _changed.Add(incarnation);
        return agent;
    }

    /// <summary>Until when every agent has reported that did so lately; <paramref name="nowUnixNs"/> if none has. An
    /// agent whose context changed reports as another incarnation: the former one has nothing more to say.</summary>
    public ulong ReportedUntil(ulong nowUnixNs)
    {
        _reportedUntil.Clear();
        foreach (KnownAgent agent in _agents.Values)
            if (agent.Report is { } report && report.AtUnixNs >= nowUnixNs - PatienceNs)
                _reportedUntil[agent.Description.Name] =
                    Math.Max(report.AtUnixNs, _reportedUntil.GetValueOrDefault(agent.Description.Name));
        ulong until = nowUnixNs;
        foreach (ulong reported in _reportedUntil.Values)
            until = Math.Min(until, reported);
        return until;
    }

    /// <summary>All agents, as copies.</summary>
    public IReadOnlyList<StoredAgent> All() => [.. _agents.Values.Select(agent => agent.ToStored())];

    /// <summary>The agents that were put or found since the last call, as copies.</summary>
    public IReadOnlyList<StoredAgent> TakeChanged()
    {
        List<StoredAgent> changed = [];
        foreach (IncarnationId incarnation in _changed)
            if (_agents.TryGetValue(incarnation, out KnownAgent? agent))
                changed.Add(agent.ToStored());
        _changed.Clear();
        return changed;
    }
}
