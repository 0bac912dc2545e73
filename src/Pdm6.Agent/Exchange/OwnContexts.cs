using Pdm6.Datapath;
using Pdm6.Security.Announcements;
using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// To whom our live contexts are sealed, and what of that the registrar has taken. Nothing is sealed in a context before
/// those who shall open it can. Thread-safe.
/// </summary>
internal sealed class OwnContexts
{
    private const int GrantsAtATime = 100;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    private sealed record Entry(ContextId Id, IReadOnlySet<Fingerprint> Analyzers, SignedEnvelope Announcement)
    {
        internal bool IsAnnounced { get; set; }
        internal Dictionary<AddressPair, GrantEntry> Grants { get; } = [];
    }

    private sealed record GrantEntry(Fingerprint Owner, SignedEnvelope Envelope)
    {
        internal bool IsTaken { get; set; }
    }

    /// <summary>Forgets contexts that are over.</summary>
    /// <param name="live">Those that are not.</param>
    internal void Keep(IEnumerable<ContextId> live)
    {
        HashSet<ContextId> kept = [.. live];
        lock (_lock)
            _entries.RemoveAll(entry => !kept.Contains(entry.Id));
    }

    /// <summary>True if the context was sealed.</summary>
    internal bool Contains(ContextId context)
    {
        lock (_lock)
            return Find(context) is not null;
    }

    /// <summary>A context that was sealed, to be announced.</summary>
    internal void Add(ContextId context, IReadOnlySet<Fingerprint> analyzers, SignedEnvelope announcement)
    {
        lock (_lock)
            _entries.Add(new Entry(context, analyzers, announcement));
    }

    /// <summary>True if the pair's secret in this context was sealed to this owner.</summary>
    internal bool HasGrant(ContextId context, AddressPair pair, Fingerprint owner)
    {
        lock (_lock)
            return Find(context)?.Grants.GetValueOrDefault(pair)?.Owner == owner;
    }

    /// <summary>A grant that was sealed, to be handed out. It takes the place of one to a former owner.</summary>
    internal void AddGrant(ContextId context, AddressPair pair, Fingerprint owner, SignedEnvelope grant)
    {
        lock (_lock)
            Find(context)!.Grants[pair] = new GrantEntry(owner, grant);
    }

    /// <summary>What the registrar is to be told next: the oldest context that it does not know, else grants of those that
    /// it does; null if it knows all.</summary>
    internal RegistrarPost? Next()
    {
        lock (_lock)
        {
            if (_entries.Find(entry => !entry.IsAnnounced) is { } unknown)
                return new RegistrarPost.Announcement(unknown.Id, unknown.Announcement);
            (ContextId, AddressPair, SignedEnvelope)[] grants =
            [
                .. _entries.SelectMany(entry => entry.Grants.Where(grant => !grant.Value.IsTaken)
                    .Select(grant => (entry.Id, grant.Key, grant.Value.Envelope))).Take(GrantsAtATime),
            ];
            return grants.Length > 0 ? new RegistrarPost.Grants(grants) : null;
        }
    }

    /// <summary>The registrar has taken it, durably.</summary>
    internal void SetTaken(RegistrarPost post)
    {
        lock (_lock)
            switch (post)
            {
                case RegistrarPost.Announcement announcement when Find(announcement.Context) is { } entry:
                    entry.IsAnnounced = true;
                    break;
                case RegistrarPost.Grants grants:
                    foreach ((ContextId context, AddressPair pair, SignedEnvelope envelope) in grants.All)
                        if (Find(context)?.Grants.GetValueOrDefault(pair) is { } grant && grant.Envelope == envelope)
                            grant.IsTaken = true;
                    break;
                default:
                    break; // the context ended meanwhile
            }
    }

    /// <summary>The registrar does not take these grants: their owners are looked up and sealed to anew.</summary>
    internal void Drop(RegistrarPost.Grants grants)
    {
        lock (_lock)
            foreach ((ContextId context, AddressPair pair, SignedEnvelope envelope) in grants.All)
                if (Find(context)?.Grants.GetValueOrDefault(pair)?.Envelope == envelope)
                    Find(context)!.Grants.Remove(pair);
    }

    /// <summary>True if the registrar knows the context.</summary>
    internal bool IsAnnounced(ContextId context)
    {
        lock (_lock)
            return Find(context)?.IsAnnounced == true;
    }

    /// <summary>True if the registrar knows the context, and the pair's grant in it.</summary>
    internal bool IsGranted(ContextId context, AddressPair pair)
    {
        lock (_lock)
            return Find(context) is { IsAnnounced: true } entry && entry.Grants.GetValueOrDefault(pair)?.IsTaken == true;
    }

    /// <summary>True if a secret of a live context was sealed to this participant.</summary>
    internal bool AreSealedTo(Fingerprint participant)
    {
        lock (_lock)
            return _entries.Exists(entry =>
                entry.Analyzers.Contains(participant) || entry.Grants.Values.Any(grant => grant.Owner == participant));
    }

    /// <summary>True if the newest context is sealed to other analyzers than these.</summary>
    internal bool DifferFrom(IReadOnlySet<Fingerprint> analyzers)
    {
        lock (_lock)
            return _entries.Count > 0 && !_entries[^1].Analyzers.SetEquals(analyzers);
    }

    private Entry? Find(ContextId context) => _entries.Find(entry => entry.Id == context);
}
