using System.Security.Cryptography;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Keys;
using Pdm6.Agent.Reporting;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// For laboratories: everybody has the same key file, from which all secrets follow, so a context is known as soon as
/// its announcement is. The collector relays announcements.
/// </summary>
internal sealed class KeyFileExchange : IKeyExchange
{
    private readonly KeyFile _keyFile;
    private readonly LabIdentity _identity;
    private readonly AnnouncementFeed _feed;
    private readonly bool _unregisteredDestinations;
    private HashSet<Ipv6Address> _announced = [];
    private IExchangeNews _news = null!; // RunAsync, before the feed runs

    /// <exception cref="KeyFileException">The key file cannot be used.</exception>
    internal KeyFileExchange(AgentConfiguration configuration, CollectorLink link)
    {
        _keyFile = KeyFile.Load(configuration.KeyFile!);
        _identity = LabIdentity.ForAgent(_keyFile.Secret);
        _unregisteredDestinations = configuration.UnregisteredDestinations;
        Collector = new CollectorClient(configuration.Collector, _identity);
        _feed = new AnnouncementFeed(Collector, link, announcements =>
        {
            Volatile.Write(ref _announced, [.. announcements.SelectMany(announcement => announcement.Addresses)]);
            _news.SetAnnouncements(announcements);
        });
    }

    public CollectorClient Collector { get; }

    public string Trouble => "";

    public bool AnswersRequests => _unregisteredDestinations;

    public bool SealsToAllAnnounced => true;

    public Task RunAsync(IExchangeNews news, CancellationToken stop)
    {
        _news = news;
        return _feed.RunAsync(stop);
    }

    public void FillBaseSecret(IncarnationId incarnation, Span<byte> baseSecret) =>
        KeyDerivation.BaseSecretFromKeyFile(_keyFile.Secret, incarnation, baseSecret);

    public void Advance(IReadOnlyList<SendingContext> contexts, IEnumerable<AddressPair> pairs, ulong nowUnixNs)
    {
        // The collector is told of contexts with the agent's description, and everybody can derive the rest.
    }

    public bool Allows(AddressPair pair) => _unregisteredDestinations;

    public bool MaySeal(Announcement context, AddressPair pair) => true;

    public bool IsRegistered(Ipv6Address destination) => Volatile.Read(ref _announced).Contains(destination);

    public bool TryGetPairSecret(Announcement context, AddressPair pair, Span<byte> pairSecret)
    {
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        FillBaseSecret(context.IncarnationId, baseSecret);
        KeyDerivation.PairSecret(baseSecret, pair.Source, pair.Destination, pairSecret);
        CryptographicOperations.ZeroMemory(baseSecret);
        return true;
    }

    public void Dispose()
    {
        Collector.Dispose();
        _identity.Dispose();
        _keyFile.Dispose();
    }
}
