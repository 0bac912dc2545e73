using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>
/// Which pairs get a key: from each of our addresses to each address that others announced, and, where policy allows
/// destinations that nobody announced, pairs that packets asked for and still use. Pure.
/// </summary>
/// <param name="local">Our addresses.</param>
/// <param name="limit">Pairs that an epoch has room for.</param>
public sealed class SendingPairs(IReadOnlyList<Ipv6Address> local, int limit)
{
    /// <summary>Epochs that a pair which was asked for is kept without a packet.</summary>
    public const int IdleEpochs = 3;

    private readonly HashSet<Ipv6Address> _local = [.. local];
    private readonly HashSet<AddressPair> _registered = [];
    private readonly Dictionary<AddressPair, int> _idleEpochsOfRequested = [];

    /// <summary>Pairs that an epoch has room for.</summary>
    public int Limit => limit;

    /// <summary>True if there is room for no other pair.</summary>
    public bool IsFull => _registered.Count + _idleEpochsOfRequested.Count >= limit;

    /// <summary>All of them, at most <see cref="Limit"/>: those that were announced come first.</summary>
    public IEnumerable<AddressPair> All =>
        _registered.Concat(_idleEpochsOfRequested.Keys.Where(pair => !_registered.Contains(pair))).Take(limit);

    /// <summary>Replaces the addresses that others announced. False if there are more than fit.</summary>
    public bool SetRegistered(IEnumerable<Ipv6Address> remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _registered.Clear();
        foreach (Ipv6Address destination in remote)
            foreach (Ipv6Address source in local)
            {
                if (_local.Contains(destination) || destination.IsLinkLocal != source.IsLinkLocal)
                    continue;
                if (_registered.Count == limit)
                    return false;
                _registered.Add(new AddressPair(source, destination));
            }
        return true;
    }

    /// <summary>A packet of this pair had no key. False if the pair shall not have one.</summary>
    public bool TryRequest(AddressPair pair)
    {
        if (!_local.Contains(pair.Source) || _local.Contains(pair.Destination) || pair.Destination.IsMulticast || IsFull)
            return false;
        _idleEpochsOfRequested[pair] = 0;
        return true;
    }

    /// <summary>An epoch has ended in which these pairs were used: drops requested pairs that were not for long.</summary>
    public void EndEpoch(IReadOnlySet<AddressPair> used)
    {
        ArgumentNullException.ThrowIfNull(used);
        foreach (AddressPair pair in _idleEpochsOfRequested.Keys.ToArray())
        {
            int idle = used.Contains(pair) ? 0 : _idleEpochsOfRequested[pair] + 1;
            if (idle > IdleEpochs)
                _idleEpochsOfRequested.Remove(pair);
            else
                _idleEpochsOfRequested[pair] = idle;
        }
    }
}
