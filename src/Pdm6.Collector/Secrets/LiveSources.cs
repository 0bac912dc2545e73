using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Secrets;

/// <summary>Until when each address has a context: what it sends in clear meanwhile counts for nothing (protocol
/// reference, section 9). Single-threaded.</summary>
internal sealed class LiveSources
{
    // Against an agent that announces without end.
    private const int MostAddresses = 1 << 20;

    private readonly Dictionary<Ipv6Address, ulong> _endByAddress = [];

    public void Know(Announcement announcement)
    {
        foreach (Ipv6Address address in announcement.Addresses)
            if (_endByAddress.TryGetValue(address, out ulong known))
                _endByAddress[address] = Math.Max(known, announcement.Timetable.EndNs);
            else if (_endByAddress.Count < MostAddresses)
                _endByAddress[address] = announcement.Timetable.EndNs;
    }

    public bool IsLive(Ipv6Address address, ulong atUnixNs) =>
        _endByAddress.TryGetValue(address, out ulong end) && atUnixNs < end;

    /// <summary>Forgets what ended before an instant.</summary>
    public void RemoveEnded(ulong beforeUnixNs)
    {
        foreach ((Ipv6Address address, ulong end) in _endByAddress)
            if (end <= beforeUnixNs)
                _endByAddress.Remove(address);
    }
}
