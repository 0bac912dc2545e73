using System.Collections.Frozen;
using Pdm6.Probe.Frames;
using Pdm6.Registration.Client;
using Pdm6.Security;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>
/// Keys of a reflector that is enrolled with a registrar: whoever owns an address and grants his requests gets its replies
/// granted in turn.
/// </summary>
public sealed class RegisteredReflector : IFrameKeys, IAsyncDisposable
{
    private const int MostPairs = 4096, MostOfAPair = 4, AtATime = 8;
    private const ulong RenewBeforeNs = 12 * 3_600_000_000_000UL;
    private static readonly TimeSpan s_round = TimeSpan.FromMinutes(1);

    private readonly FrameParticipant _participant;
    private readonly ReceivedGrants _received;
    private readonly Action<string> _log;
    private readonly SemaphoreSlim _room = new(AtATime);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<FramePair, List<Entry>> _entries = [];
    private readonly List<FrameOpener> _openers = [];
    private readonly Task _working;
    private volatile FrozenDictionary<FramePair, AnsweringKeys[]> _published = FrozenDictionary<FramePair, AnsweringKeys[]>.Empty;
    private ulong _nextId = 1;

    private RegisteredReflector(FrameParticipant participant, Action<string> log)
    {
        (_participant, _log) = (participant, log);
        _received = new ReceivedGrants(participant.Directory, Carriages.ProbeRequests, participant.Addresses.Contains);
        _working = Task.WhenAll(ReadAsync(), KeepFreshAsync());
    }

    /// <summary>Addresses that it answers at.</summary>
    public IReadOnlyList<Ipv6Address> Addresses => _participant.Addresses;

    /// <summary>Takes up standing with the registrar of an identity directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="address">The only address to answer at; default for all of this host that the certificate names.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ProbeException">It cannot be; the message says why.</exception>
    /// <exception cref="Registration.Identities.IdentityException">Nobody is enrolled there.</exception>
    public static async Task<RegisteredReflector> OpenAsync(string directory, Ipv6Address address, Action<string> log, CancellationToken stop)
    {
        FrameParticipant participant = await FrameParticipant.OpenAsync(
            directory, FrameRole.Reflector,
            certificate =>
            {
                Ipv6Address[] own = [.. (address != default ? [address] : OwnAddresses.All()).Where(certificate.Covers).Take(Announcement.MostAddresses)];
                return own.Length > 0
                    ? own
                    : throw new ProbeException($"The certificate of {certificate.Name} names no address of this host to answer at: enrol with its prefix.");
            },
            log, TimeProvider.System, stop).ConfigureAwait(false);
        return new RegisteredReflector(participant, log);
    }

    /// <inheritdoc/>
    public AskingKeys ForTarget(ProbeTarget target) => throw new ProbeException("A reflector asks nobody.");

    /// <inheritdoc/>
    public IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination) =>
        _published.TryGetValue(new FramePair(source, destination), out AnsweringKeys[]? keys) ? keys : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (int i = 0; i < AtATime; i++)
            await _room.WaitAsync().ConfigureAwait(false); // the last of them is done
        await _participant.DisposeAsync().ConfigureAwait(false);
        _openers.ForEach(opener => opener.Dispose());
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        await foreach (FeedUpdate update in _participant.Feed.ReadAsync(_stop.Token).ConfigureAwait(false))
        {
            if (update.Revoked.Count > 0)
                await RevokeAsync(update.Revoked).ConfigureAwait(false);
            foreach (UsableGrant grant in _received.Take(update, _participant.NowUnixNs))
            {
                await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
                _ = Task.Run(() => AnswerAsync(grant));
            }
        }
    }

    private async Task AnswerAsync(UsableGrant grant)
    {
        try
        {
            FramePair back = grant.Pair.Reverse;
            (Addressee? owner, string reason) = await _participant.FarEnds.FindAsync(back, _stop.Token).ConfigureAwait(false);
            if (owner is not null)
                reason = owner.Identity != grant.Sender
                    ? $"that address is {owner.Certificate.Name}'s, and somebody else granted requests from there"
                    : TryEnter(grant)
                        ? await _participant.GrantAsync(back, owner, _stop.Token).ConfigureAwait(false)
                        : $"there are {MostPairs} probers already";
            if (reason.Length > 0)
                _log($"No replies for {back.Destination}: {reason}");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The reflector ends.
        }
        finally
        {
            _room.Release();
        }
    }

    private bool TryEnter(UsableGrant grant)
    {
        OwnFrameContext context = _participant.Context;
        lock (_lock)
        {
            _openers.Add(grant.Opener);
            if (!_entries.TryGetValue(grant.Pair, out List<Entry>? ofPair))
            {
                if (_entries.Count >= MostPairs)
                    return false;
                _entries.Add(grant.Pair, ofPair = []);
            }
            AnsweringKeys keys = new(
                grant.Opener, context.SealerOf(grant.Pair.Reverse), _nextId++, Math.Min(grant.EndsAtUnixNs, context.EndsAtUnixNs));
            ofPair.Insert(0, new Entry(keys, grant.Sender));
            if (ofPair.Count > MostOfAPair)
                ofPair.RemoveAt(MostOfAPair);
            Publish();
        }
        return true;
    }

    private async Task RevokeAsync(IReadOnlyList<Fingerprint> revoked)
    {
        int removed = 0;
        lock (_lock)
        {
            foreach (List<Entry> ofPair in _entries.Values)
                removed += ofPair.RemoveAll(entry => revoked.Contains(entry.Sender));
            Publish();
        }
        if (removed > 0)
            await TryRenewAsync().ConfigureAwait(false); // the revoked has secrets of this context
    }

    private async Task KeepFreshAsync()
    {
        using PeriodicTimer timer = new(s_round);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            ulong now = _participant.NowUnixNs;
            lock (_lock)
            {
                foreach (List<Entry> ofPair in _entries.Values)
                    ofPair.RemoveAll(entry => entry.Keys.EndsAtUnixNs <= now);
                Publish();
            }
            if (_participant.Context.EndsAtUnixNs < now + RenewBeforeNs)
                await TryRenewAsync().ConfigureAwait(false);
        }
    }

    private async Task TryRenewAsync()
    {
        try
        {
            await _participant.RenewAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (ProbeException refused)
        {
            _log($"No new context, trying again: {refused.Message}");
        }
    }

    /// <summary>Called with the lock held.</summary>
    private void Publish()
    {
        foreach ((FramePair pair, _) in _entries.Where(entry => entry.Value.Count == 0).ToArray())
            _entries.Remove(pair);
        _published = _entries.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.Select(one => one.Keys).ToArray());
    }

    private sealed record Entry(AnsweringKeys Keys, Fingerprint Sender);
}
