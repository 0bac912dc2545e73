using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Agent.Reporting;

/// <summary>
/// Tells the collector who this agent is: at the start, with every new context, and again when the collector has
/// forgotten it. A context that the collector refuses to know (it has expired) is forgotten, but never the newest: the
/// agent is nobody without it, and the refusal may pass, for instance when the collector's clock is set right.
/// Thread-safe.
/// </summary>
internal sealed class Introduction(string name, IReadOnlyList<string> rules, CollectorClient client, CollectorLink link)
{
    // The context in use and its successor.
    private const int MostDescriptions = 2;

    private readonly Lock _lock = new();
    private readonly List<AgentDescription> _descriptions = [];
    private readonly Signal _wanted = new();

    /// <summary>A new context: it will be told, and older ones forgotten.</summary>
    internal void Add(Announcement announcement)
    {
        lock (_lock)
        {
            _descriptions.Add(new AgentDescription(name, announcement.IncarnationId, rules, announcement));
            if (_descriptions.Count > MostDescriptions)
                _descriptions.RemoveAt(0);
        }
        _wanted.Set();
    }

    /// <summary>The rules have other names now, or more: told again.</summary>
    internal void SetRules(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            rules = names;
            for (int i = 0; i < _descriptions.Count; i++)
                _descriptions[i] = _descriptions[i] with { Rules = names };
        }
        _wanted.Set();
    }

    /// <summary>Tells everything again.</summary>
    internal void Repeat() => _wanted.Set();

    /// <summary>True if the collector knows this incarnation or may still be told of it.</summary>
    internal bool Holds(IncarnationId incarnation)
    {
        lock (_lock)
            return _descriptions.Exists(description => description.IncarnationId == incarnation);
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = default;
        while (true)
        {
            await _wanted.WaitAsync(cancellationToken).ConfigureAwait(false);
            while (!await TellAllAsync(cancellationToken).ConfigureAwait(false))
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
            backoff.Reset();
        }
    }

    private async Task<bool> TellAllAsync(CancellationToken cancellationToken)
    {
        AgentDescription[] descriptions;
        lock (_lock)
            descriptions = [.. _descriptions];
        bool told = true;
        foreach (AgentDescription description in descriptions)
        {
            CollectorReply reply = link.Note(await client.PutAgentAsync(description, cancellationToken).ConfigureAwait(false));
            told &= reply.IsAccepted || reply.Outcome == CollectorOutcome.Refused && TryForget(description);
        }
        return told;
    }

    private bool TryForget(AgentDescription description)
    {
        lock (_lock)
        {
            if (_descriptions[^1] == description)
                return false;
            _descriptions.Remove(description);
            return true;
        }
    }
}
