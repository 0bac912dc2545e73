using Pdm6.Wire;

namespace Pdm6.Collector.Pairing;

/// <summary>
/// The conversations seen lately, for people who want to see single flows. Bounded: when it is full, the quarter that
/// has been silent longest is forgotten. Nothing else is computed from it. Single-threaded.
/// </summary>
internal sealed class ConversationBook
{
    /// <summary>About 10 MB of conversations.</summary>
    public const int Most = 32_768;

    private readonly Dictionary<FlowKey, Conversation> _conversations = [];

    /// <summary>The conversation of a flow; a new one if there was none.</summary>
    public Conversation Of(in FlowKey flow)
    {
        FlowKey key = flow.TryReverse(out FlowKey reverse) && Precedes(reverse, flow) ? reverse : flow;
        if (_conversations.TryGetValue(key, out Conversation? known))
            return known;
        if (_conversations.Count == Most)
            Forget();
        return _conversations[key] = new Conversation(flow);
    }

    /// <summary>The conversations with the most packets; of equal ones the most recent.</summary>
    public IEnumerable<Conversation> Busiest(int limit) => _conversations.Values
        .OrderByDescending(conversation => conversation.Counts.Packets)
        .ThenByDescending(conversation => conversation.LastSeenUnixNs)
        .Take(limit);

    private void Forget()
    {
        foreach (FlowKey key in _conversations.OrderBy(entry => entry.Value.LastSeenUnixNs)
            .Take(Most / 4).Select(entry => entry.Key).ToList())
            _conversations.Remove(key);
    }

    private static bool Precedes(in FlowKey left, in FlowKey right) =>
        (left.Source.Value, left.SourcePort).CompareTo((right.Source.Value, right.SourcePort)) < 0;
}
