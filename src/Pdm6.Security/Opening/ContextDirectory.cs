using System.Diagnostics.CodeAnalysis;
using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>
/// The contexts that an opener knows, by source address, newest first. What it holds depends on which announcements
/// came, not on their order. It disposes the contexts that it drops and tells whom it dropped.
/// </summary>
internal sealed class ContextDirectory(OpenerMode mode, int limit, Action<uint> dropped) : IDisposable
{
    private const int MostLivePerSource = 2;
    private const int MostPreferences = 65_536;

    private readonly Dictionary<ContextId, OpenerContext> _byId = [];
    private readonly Dictionary<Ipv6Address, OpenerContext[]> _bySource = [];
    /// <summary>Contexts without announcement, tried for every source that has none with.</summary>
    private OpenerContext[] _everywhere = [];
    /// <summary>The same, the one that opened something of this source first.</summary>
    private readonly Dictionary<Ipv6Address, OpenerContext[]> _preferred = [];
    private Ipv6Address _lastSource, _sourceBefore;
    private OpenerContext[]? _lastFound, _foundBefore; // null after every change
    private uint _nextOrdinal;

    public bool TryFind(Ipv6Address source, [NotNullWhen(true)] out OpenerContext[]? newestFirst)
    {
        // Packets of one sender come in runs, those of a conversation by turns.
        newestFirst = _lastFound;
        if (newestFirst is not null && source == _lastSource)
            return true;
        newestFirst = _foundBefore;
        if (newestFirst is not null && source == _sourceBefore)
            return true;
        if (!_bySource.TryGetValue(source, out newestFirst) && !_preferred.TryGetValue(source, out newestFirst))
            newestFirst = _everywhere;
        if (newestFirst.Length == 0)
            return false;
        (_sourceBefore, _foundBefore) = (_lastSource, _lastFound);
        (_lastSource, _lastFound) = (source, newestFirst);
        return true;
    }

    public AddContextResult Add(Announcement announcement, ReadOnlySpan<byte> baseSecret)
    {
        _lastFound = _foundBefore = null;
        if (_byId.TryGetValue(announcement.ContextId, out OpenerContext? known))
        {
            if (known.Announcement is null || known.IncarnationId != announcement.IncarnationId
                || known.Announcement.Sequence >= announcement.Sequence)
                return AddContextResult.Superseded;
            Remove(known);
        }
        if (_byId.Count == limit)
            return AddContextResult.TooMany;

        OpenerContext context = new(announcement, baseSecret, _nextOrdinal++, mode);
        _byId.Add(announcement.ContextId, context);
        // Everywhere first: what one address displaces may still be wanted at another.
        OpenerContext[] displaced = [.. announcement.Addresses.SelectMany(address => Place(address, context)).Distinct()];
        foreach (OpenerContext old in displaced.Where(IsNowhere))
            Remove(old);
        return _byId.ContainsKey(announcement.ContextId) ? AddContextResult.Added : AddContextResult.Superseded;
    }

    public AddContextResult AddEverywhere(ContextId id, Suite suite, ReadOnlySpan<byte> baseSecret)
    {
        _lastFound = _foundBefore = null;
        if (_byId.ContainsKey(id))
            return AddContextResult.Superseded;
        if (_byId.Count == limit)
            return AddContextResult.TooMany;
        OpenerContext context = new(id, suite, baseSecret, _nextOrdinal++);
        _byId.Add(id, context);
        _everywhere = [.. _everywhere, context];
        _preferred.Clear();
        return AddContextResult.Added;
    }

    /// <summary>The context opened something of this source: of those without announcement it is tried first from now
    /// on.</summary>
    public void Prefer(Ipv6Address source, OpenerContext context)
    {
        if (context.Announcement is not null || _everywhere.Length < 2)
            return;
        _lastFound = _foundBefore = null;
        if (_preferred.Count == MostPreferences)
            _preferred.Clear();
        _preferred[source] = [context, .. _everywhere.Where(other => other != context)];
    }

    public void RemoveEnded(ulong nowUnixNs)
    {
        foreach (OpenerContext context in _byId.Values.Where(c => c.EndNs < nowUnixNs).ToArray())
            Remove(context);
    }

    public void Dispose()
    {
        foreach (OpenerContext context in _byId.Values)
            context.Dispose();
        _byId.Clear();
        _bySource.Clear();
        _preferred.Clear();
        _everywhere = [];
        _lastFound = _foundBefore = null;
    }

    /// <summary>Returns the contexts that are too old to stay at this address.</summary>
    private OpenerContext[] Place(Ipv6Address address, OpenerContext context)
    {
        OpenerContext[] others = _bySource.GetValueOrDefault(address, []);
        OpenerContext[] ordered = [.. others.Append(context).OrderByDescending(c => c.Announcement!.Sequence)];
        int kept = mode == OpenerMode.Live ? Math.Min(ordered.Length, MostLivePerSource) : ordered.Length;
        _bySource[address] = ordered[..kept];
        return ordered[kept..];
    }

    private bool IsNowhere(OpenerContext context) => !context.Announcement!.Addresses.Any(
        address => _bySource.TryGetValue(address, out OpenerContext[]? contexts) && contexts.Contains(context));

    private void Remove(OpenerContext context)
    {
        _lastFound = _foundBefore = null;
        foreach (Ipv6Address address in context.Announcement!.Addresses)
        {
            if (!_bySource.TryGetValue(address, out OpenerContext[]? contexts))
                continue;
            OpenerContext[] rest = [.. contexts.Where(c => c != context)];
            if (rest.Length == 0)
                _bySource.Remove(address);
            else
                _bySource[address] = rest;
        }
        _byId.Remove(context.ContextId);
        dropped(context.Ordinal);
        context.Dispose();
    }
}
