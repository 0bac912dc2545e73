using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// How keys get from host to host: where a context's base secret comes from, who is told of a context, which
/// destinations may have a key, and where the keys of other senders come from. There are two ways: a key file that all
/// hosts share (<see cref="KeyFileExchange"/>, for laboratories) and registration (<see cref="RegisteredExchange"/>).
/// The control loop's thread calls all members but <see cref="RunAsync"/>.
/// </summary>
internal interface IKeyExchange : IDisposable
{
    /// <summary>The way to the collector, as somebody whom it knows.</summary>
    CollectorClient Collector { get; }

    /// <summary>Why others cannot be told of keys now; empty if they can.</summary>
    string Trouble { get; }

    /// <summary>True if packets without a key can lead to one, so that the kernel shall tell of their pairs.</summary>
    bool AnswersRequests { get; }

    /// <summary>True if every address that others announced gets a key, asked for or not.</summary>
    bool SealsToAllAnnounced { get; }

    /// <summary>Keeps up with what others tell, until told to stop.</summary>
    /// <param name="news">Is told what changed, from any thread.</param>
    /// <param name="stop">Ends it.</param>
    Task RunAsync(IExchangeNews news, CancellationToken stop);

    /// <summary>Draws the base secret of a new context. See <see cref="SendingContext.FillBaseSecret"/>.</summary>
    void FillBaseSecret(IncarnationId incarnation, Span<byte> baseSecret);

    /// <summary>Called often: tells of contexts that are new, and of pairs that are new in them.</summary>
    /// <param name="contexts">The context in use and its successor; all others are over.</param>
    /// <param name="pairs">The pairs that packets asked for and that <see cref="Allows"/> allowed.</param>
    /// <param name="nowUnixNs">Unix time.</param>
    void Advance(IReadOnlyList<SendingContext> contexts, IEnumerable<AddressPair> pairs, ulong nowUnixNs);

    /// <summary>True if packets of this pair may get an option at all. If that is not known yet the answer is false, and
    /// the kernel will ask again.</summary>
    bool Allows(AddressPair pair);

    /// <summary>True if packets of a pair may be sealed in a context: whoever must open them was told how. When that
    /// changes, <see cref="IExchangeNews.PairsChanged"/> tells.</summary>
    bool MaySeal(Announcement context, AddressPair pair);

    /// <summary>True if an agent is known to live at an address, so that it may be asked what arrives there. Any
    /// thread.</summary>
    bool IsRegistered(Ipv6Address destination);

    /// <summary>The secret by which options of another sender are authenticated; false if it was not given to us. Any
    /// thread.</summary>
    /// <param name="context">The sender's context.</param>
    /// <param name="pair">From the sender to one of our addresses.</param>
    /// <param name="pairSecret">32 octets; the caller zeroes them.</param>
    bool TryGetPairSecret(Announcement context, AddressPair pair, Span<byte> pairSecret);
}
