using System.Security.Cryptography;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// With registration: every context has a base secret that was drawn here, and it is sealed, signed and passed on by a
/// registrar that cannot open it. Analyzers of our configuration get base secrets, owners of destinations the secrets of
/// their pairs. Nothing is sealed in a context before its announcement and the pair's grant are with the registrar.
/// </summary>
internal sealed class RegisteredExchange : IKeyExchange
{
    // Sealing takes a fraction of a millisecond, and the control loop has other things to do as well.
    private const int MostSealedAtOnce = 64;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200), s_longestPause = TimeSpan.FromSeconds(5);

    private readonly IdentityDirectory _directory;
    private readonly ContextSealer _sealer;
    private readonly EnrolledIdentity _peers;
    private readonly ParticipantSession _session;
    private readonly IReadOnlyList<Ipv6Address> _addresses;
    private readonly bool _unregisteredDestinations;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly RegistrarLink _link;
    private readonly LiveAnalyzers _analyzers;
    private readonly OwnContexts _contexts = new();
    private readonly OwnerBook _owners;
    private readonly RemoteGrants _remote = new();
    private readonly Signal _analyzersWanted = new();
    private RegistrarOutbox? _outbox;
    private IExchangeNews? _news;

    internal RegisteredExchange(
        AgentConfiguration configuration, IdentityDirectory directory, IReadOnlyList<Ipv6Address> addresses, Action<string> log, TimeProvider time)
    {
        (_directory, _addresses, _log, _time) = (directory, addresses, log, time);
        _unregisteredDestinations = configuration.UnregisteredDestinations;
        _sealer = new ContextSealer(directory, _contexts);
        _link = new RegistrarLink(log);
        _analyzers = new LiveAnalyzers(configuration.Analyzers, directory.Authority, log);
        _owners = new OwnerBook(time);
        _session = new ParticipantSession(directory, time, log, configuration.Registrar);
        _peers = EnrolledIdentity.ForAgent(() => directory.TlsCertificate, directory.Authority, configuration.Analyzers.ToHashSet(), time);
        Collector = new CollectorClient(configuration.Collector, _peers);
        if (configuration.Analyzers.Count == 0)
            log("\"analyzers\" is empty: nobody can open what is measured here.");
    }

    public CollectorClient Collector { get; }

    public bool AnswersRequests => true;

    public bool SealsToAllAnnounced => false;

    public string Trouble => _link.Trouble;

    public async Task RunAsync(IExchangeNews news, CancellationToken stop)
    {
        RegistrarOutbox outbox = new(_contexts, _session.Registrar, _link, news, _time);
        OwnerLookup lookup = new(_owners, _directory.Authority, AskOwnerAsync, CheckAddressAsync, news, _time);
        (_news, _outbox) = (news, outbox);
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] tasks =
        [
            _session.RunAsync(work.Token), FollowAsync(work.Token), WatchAnalyzersAsync(work.Token), outbox.RunAsync(work.Token),
            lookup.RunAsync(work.Token), AddressAnswers.RunAsync(_directory, _addresses, _time, work.Token),
        ];
        // None of them ends by itself: the first that does was told to stop, or has failed.
        await Task.WhenAny(tasks).ConfigureAwait(false);
        await work.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    public void FillBaseSecret(IncarnationId incarnation, Span<byte> baseSecret) => RandomNumberGenerator.Fill(baseSecret);

    public void Advance(IReadOnlyList<SendingContext> contexts, IEnumerable<AddressPair> pairs, ulong nowUnixNs)
    {
        _contexts.Keep(contexts.Select(context => context.Announcement.ContextId));
        if (_remote.Expire(nowUnixNs))
            _news?.SetAnnouncements(_remote.Announcements);
        if (_analyzers.Current is not { } analyzers)
            return;
        int sealedNow = 0;
        foreach (SendingContext context in contexts.Where(context => !_contexts.Contains(context.Announcement.ContextId)))
        {
            _sealer.Announce(context, analyzers);
            sealedNow++;
        }
        foreach (AddressPair pair in pairs)
        {
            _owners.Ask(pair); // what is old is looked up again
            if (_owners.OwnerOf(pair.Destination) is not { } owner)
                continue;
            foreach (SendingContext context in contexts)
            {
                if (_contexts.HasGrant(context.Announcement.ContextId, pair, owner.Identity))
                    continue;
                _sealer.Grant(context, pair, owner, nowUnixNs);
                if (++sealedNow < MostSealedAtOnce)
                    continue;
                _outbox?.Look();
                _news?.PairsChanged(); // there may be more
                return;
            }
        }
        if (sealedNow > 0)
            _outbox?.Look();
    }

    public bool Allows(AddressPair pair)
    {
        if (_owners.OwnerOf(pair.Destination) is not null)
            return true;
        _owners.Ask(pair);
        return _unregisteredDestinations && _owners.IsUnowned(pair.Destination);
    }

    public bool MaySeal(Announcement context, AddressPair pair) =>
        _contexts.IsGranted(context.ContextId, pair)
        || _unregisteredDestinations && _owners.IsUnowned(pair.Destination) && _contexts.IsAnnounced(context.ContextId);

    public bool IsRegistered(Ipv6Address destination) => _owners.OwnerOf(destination) is not null;

    public bool TryGetPairSecret(Announcement context, AddressPair pair, Span<byte> pairSecret) =>
        _remote.TryGet(context.ContextId, pair, pairSecret);

    public void Dispose()
    {
        Collector.Dispose();
        _session.Dispose();
        _remote.Dispose();
        _sealer.Dispose();
        _directory.Dispose();
    }

    private async Task<RegistrarReply<ParticipantKeys>> AskOwnerAsync(AddressPair pair, CancellationToken stop)
    {
        RegistrarReply<ParticipantKeys> reply =
            await _session.Registrar.GetOwnerAsync(pair.Destination, stop).ConfigureAwait(false);
        return reply.Code == ErrorCodes.NoOwner ? reply : _link.Note(reply);
    }

    private static Task<AddressCheckResult> CheckAddressAsync(AddressPair pair, ParticipantCertificate owner, CancellationToken stop) =>
        AddressCheck.AskAsync(pair.Source, pair.Destination, owner, stop);

    /// <summary>Knows the live analyzers, and has the context replaced when they are others than it is sealed to.</summary>
    private async Task WatchAnalyzersAsync(CancellationToken stop)
    {
        Backoff backoff = new(s_firstPause, s_longestPause);
        while (true)
        {
            RegistrarReply<IReadOnlyList<ParticipantKeys>> reply =
                _link.Note(await _session.Registrar.GetAnalyzersAsync(stop).ConfigureAwait(false));
            if (!reply.IsAccepted)
            {
                await Task.Delay(backoff.Next(reply.RetryAfter), _time, stop).ConfigureAwait(false);
                continue;
            }
            backoff.Reset();
            _analyzers.Set(reply.Value!, NowUnixNs);
            ReplaceContextIfAnalyzersChanged();
            _news!.PairsChanged();
            await _analyzersWanted.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Takes in what the registrar passes on.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        await foreach (FeedUpdate update in _session.Feed.ReadAsync(stop).ConfigureAwait(false))
        {
            foreach (string refused in update.Refused)
                _log(refused);
            foreach (Received<SealedAnnouncement> received in update.Announcements)
                Take(received);
            foreach (Received<SealedGrant> received in update.Grants)
                Take(received);
            foreach (Fingerprint revoked in update.Revoked)
                Revoke(revoked);
            if (update.Announcements.Count + update.Grants.Count + update.Revoked.Count > 0)
                _news!.SetAnnouncements(_remote.Announcements);
            if (update.AnalyzersChanged)
                _analyzersWanted.Set();
        }
    }

    private void Take(Received<SealedAnnouncement> received)
    {
        Announcement announcement = received.Content.Announcement;
        if ((announcement.Carriages & (Carriages.DestinationOptionV2 | Carriages.UdpOption)) == 0)
            return; // a prober's
        _remote.Add(announcement, received.Sender.IdentityFingerprint);
        foreach (Ipv6Address address in announcement.Addresses)
            _owners.Doubt(address, received.Sender.IdentityFingerprint);
    }

    private void Take(Received<SealedGrant> received)
    {
        Grant grant = received.Content.Grant;
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        foreach (HpkePrivateKey key in _directory.HpkeKeys.Where(key => key.PublicKey.KeyId == grant.Recipient))
            if (_addresses.Contains(grant.Destination) && received.Content.TryOpen(key, received.Sender.Hash, pairSecret))
                _remote.Add(grant.ContextId, new AddressPair(grant.Source, grant.Destination), received.Sender.IdentityFingerprint, pairSecret);
        CryptographicOperations.ZeroMemory(pairSecret);
    }

    private void Revoke(Fingerprint revoked)
    {
        _peers.Revoke(revoked);
        _analyzers.Revoke(revoked);
        _owners.Forget(revoked);
        _remote.Forget(revoked);
        if (revoked == _directory.Certificate.IdentityFingerprint)
            _log("This host was revoked: nobody takes what it announces any more. Stop the agent, or enroll again with a new token.");
        else if (_contexts.AreSealedTo(revoked))
        {
            _log($"{revoked} was revoked and had keys of ours: another context takes over.");
            _news!.ReplaceContext();
        }
    }

    private void ReplaceContextIfAnalyzersChanged()
    {
        if (_analyzers.Current is { } analyzers && _contexts.DifferFrom(analyzers.Select(analyzer => analyzer.Identity).ToHashSet()))
        {
            _log("The analyzers that may open what is measured here have changed: another context takes over.");
            _news!.ReplaceContext();
        }
    }

    private ulong NowUnixNs => (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
