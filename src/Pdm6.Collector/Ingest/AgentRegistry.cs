using Pdm6.Collector.Pairing;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Ingest;

/// <summary>
/// The agents that have put their description, and the announcements that every agent needs to authenticate the
/// others. Safe for use by several threads.
/// </summary>
internal sealed class AgentRegistry(TimeProvider time)
{
    /// <summary>The most incarnations known at a time.</summary>
    public const int MostAgents = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IncarnationId, Entry> _agents = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Begins with the time, so that it rises across restarts and an agent's next request is never too far ahead.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>True once the pipeline has been told of the incarnation.</summary>
    /// <param name="incarnation">Whose.</param>
    /// <param name="name">The agent that it must be of; null if any will do.</param>
    public bool IsKnown(IncarnationId incarnation, string? name = null)
    {
        lock (_lock)
            return _agents.TryGetValue(incarnation, out Entry entry) && entry.IsHandedOver && (name is null || name == entry.Description.Name);
    }

    /// <summary>Takes a valid description; the answer is null, or why it is refused. One that has expired is good for
    /// <see cref="LossLedger.SettleAfterNs"/> more: its agent may still send what it kept. Until <see cref="SetHandedOver"/> says that the
    /// pipeline will hear of it, a new incarnation is not known; else its observations would be taken and lost.</summary>
    public string? Put(AgentDescription description)
    {
        ulong now = time.UnixNs();
        lock (_lock)
        {
            if (IsOver(description, now))
                return "the announcement has expired; check the host's clock";
            bool isKnown = _agents.TryGetValue(description.IncarnationId, out Entry known);
            if (isKnown && description.Name != known.Description.Name)
                return "the incarnation is another agent's";
            if (isKnown && description.Announcement.Sequence < known.Description.Announcement.Sequence)
                return "a newer announcement of this incarnation is already known";
            if (!isKnown && !TryMakeRoom(now))
                return $"{MostAgents} agents are already known; wait until old announcements expire";
            _agents[description.IncarnationId] = new Entry(description, isKnown && known.IsHandedOver);
            if (!isKnown || description.Announcement.ContextId != known.Description.Announcement.ContextId
                || description.Announcement.Sequence != known.Description.Announcement.Sequence)
            {
                _version++;
                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            return null;
        }
    }

    /// <summary>Says that the pipeline will hear of a description that was put.</summary>
    public void SetHandedOver(AgentDescription description)
    {
        lock (_lock)
            if (_agents.TryGetValue(description.IncarnationId, out Entry entry))
                _agents[description.IncarnationId] = entry with { IsHandedOver = true };
    }

    /// <summary>Takes back a description that was put and that the pipeline will not hear of. An incarnation that the
    /// pipeline knows from before stays, and so does one that another request has put since.</summary>
    public void Withdraw(AgentDescription description)
    {
        lock (_lock)
            if (_agents.TryGetValue(description.IncarnationId, out Entry entry)
                && !entry.IsHandedOver && ReferenceEquals(entry.Description, description))
                _agents.Remove(description.IncarnationId);
    }

    /// <summary>Brings back what was known before a restart; what is over since is left out.</summary>
    public void Restore(IEnumerable<AgentDescription> descriptions)
    {
        foreach (AgentDescription description in descriptions.OrderByDescending(d => d.Announcement.Sequence).Take(MostAgents))
            if (Put(description) is null)
                SetHandedOver(description);
    }

    /// <summary>All live announcements that a receiver may still need, newest first.</summary>
    public AnnouncementPage Page()
    {
        ulong now = time.UnixNs();
        lock (_lock)
        {
            List<Announcement> live = [.. _agents.Values
                .Select(agent => agent.Description.Announcement)
                .Where(announcement => announcement.NotAfterUnixNs > now)
                .OrderByDescending(announcement => announcement.Sequence)];
            return new AnnouncementPage(_version, NewestTwoByAddress(live));
        }
    }

    /// <summary>The page as soon as its version is not <paramref name="after"/>, or after the time has passed.</summary>
    public async Task<AnnouncementPage> WaitAsync(long after, TimeSpan patience, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_lock)
            changed = _version == after ? _changed.Task : Task.CompletedTask;
        await Task.WhenAny(changed, Task.Delay(patience, time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Page();
    }

    // Receivers try the two newest contexts of a sender (protocol reference, section 9). Agents that were killed leave
    // contexts that live on for a day; relaying them all would only cost everybody time.
    private static List<Announcement> NewestTwoByAddress(List<Announcement> newestFirst)
    {
        Dictionary<Wire.Ipv6Address, int> seen = [];
        return newestFirst.FindAll(announcement =>
        {
            bool isNeeded = false;
            foreach (Wire.Ipv6Address address in announcement.Addresses)
                isNeeded |= (seen[address] = seen.GetValueOrDefault(address) + 1) <= 2;
            return isNeeded;
        });
    }

    // The expired ones only wait for late batches: they give way to the living, the oldest first.
    private bool TryMakeRoom(ulong now)
    {
        foreach (IncarnationId over in _agents
            .Where(agent => IsOver(agent.Value.Description, now)).Select(agent => agent.Key).ToList())
            _agents.Remove(over);
        if (_agents.Count < MostAgents)
            return true;
        (IncarnationId oldest, Entry entry) =
            _agents.MinBy(agent => agent.Value.Description.Announcement.NotAfterUnixNs);
        return entry.Description.Announcement.NotAfterUnixNs <= now && _agents.Remove(oldest);
    }

    // The time of expiry comes from outside and may be the last there is.
    private static bool IsOver(AgentDescription description, ulong now) =>
        now >= LossLedger.SettleAfterNs
        && description.Announcement.NotAfterUnixNs <= now - LossLedger.SettleAfterNs;

    /// <param name="Description">The newest one.</param>
    /// <param name="IsHandedOver">The pipeline knows the incarnation, or will before anything that comes now.</param>
    private readonly record struct Entry(AgentDescription Description, bool IsHandedOver);
}
