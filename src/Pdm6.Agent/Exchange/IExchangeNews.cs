using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Exchange;

/// <summary>What a key exchange tells the control loop. Any thread.</summary>
internal interface IExchangeNews
{
    /// <summary>All contexts of others that are live, as they are now known.</summary>
    void SetAnnouncements(IReadOnlyList<Announcement> announcements);

    /// <summary><see cref="IKeyExchange.MaySeal"/>, <see cref="IKeyExchange.TryGetPairSecret"/> or
    /// <see cref="IKeyExchange.Advance"/> may do now what they did not before.</summary>
    void PairsChanged();

    /// <summary>A packet of this pair had no key, and the pair may have one now.</summary>
    void Request(AddressPair pair);

    /// <summary>The context in use, and its successor, must give way to one that is given to others than they were.</summary>
    void ReplaceContext();
}
