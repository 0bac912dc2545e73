using System.Runtime.CompilerServices;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Keeps the addresses with a live context in the map that the ingress program asks before it lets an option in
/// clear count. Not for several threads.</summary>
internal sealed class LiveSources(BpfMap map)
{
    private readonly HashSet<Ipv6Address> _written = [];

    internal void Set(IReadOnlyCollection<Ipv6Address> sources)
    {
        foreach (Ipv6Address gone in _written.Except(sources).ToArray())
        {
            map.Remove(Octets.Of(gone));
            _written.Remove(gone);
        }
        foreach (Ipv6Address source in sources)
            if (_written.Count < map.MaxEntries && _written.Add(source))
                map.Set(Octets.Of(source), 1u);
    }

    /// <summary>An address as it is on the wire.</summary>
    [InlineArray(Ipv6Address.Size)]
    private struct Octets
    {
        private byte _first;

        internal static Octets Of(Ipv6Address address)
        {
            Octets octets = default;
            address.Write(octets);
            return octets;
        }
    }
}
