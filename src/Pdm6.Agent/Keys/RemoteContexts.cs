using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Keys;

/// <summary>
/// Which contexts of others are in use, by address: the two newest of each (protocol reference, section 9).
/// An immutable view of one page of announcements.
/// </summary>
public sealed class RemoteContexts
{
    /// <summary>Contexts of one sender that are tried.</summary>
    public const int Generations = 2;

    private readonly Dictionary<Ipv6Address, Announcement[]> _newestFirst = [];

    /// <summary>Nobody.</summary>
    public static RemoteContexts None { get; } = new([], new HashSet<IncarnationId>());

    /// <summary>Sorts announcements. Malformed ones are left out, and so are our own.</summary>
    /// <param name="announcements">From the collector: hostile.</param>
    /// <param name="own">Our own incarnations.</param>
    public RemoteContexts(IEnumerable<Announcement> announcements, IReadOnlySet<IncarnationId> own)
    {
        ArgumentNullException.ThrowIfNull(announcements);
        ArgumentNullException.ThrowIfNull(own);
        IEnumerable<Announcement> usable = announcements
            .Where(announcement => announcement is not null && announcement.TryValidate(out _) && !own.Contains(announcement.IncarnationId))
            .DistinctBy(announcement => announcement.ContextId)
            .OrderByDescending(announcement => announcement.Sequence);
        foreach (Announcement announcement in usable)
            foreach (Ipv6Address address in announcement.Addresses)
            {
                Announcement[] known = _newestFirst.GetValueOrDefault(address, []);
                if (known.Length < Generations)
                    _newestFirst[address] = [.. known, announcement];
            }
    }

    /// <summary>Every address that somebody announced.</summary>
    public IReadOnlyCollection<Ipv6Address> Addresses => _newestFirst.Keys;

    /// <summary>The contexts of an address: place 0 is the newest.</summary>
    public IReadOnlyList<Announcement> Of(Ipv6Address address) => _newestFirst.GetValueOrDefault(address, []);
}
