using System.Security.Cryptography;
using Pdm6.Probe.Frames;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>
/// Keys of a prober that is enrolled with a registrar: it grants its requests to whoever owns a target's address, and
/// waits until the reflector there grants its replies.
/// </summary>
public sealed class RegisteredProber : IFrameKeys, IAsyncDisposable
{
    private const ulong RenewBeforeNs = 3_600_000_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly FrameParticipant _participant;
    private readonly ReceivedGrants _received;
    private readonly Lock _lock = new();
    private readonly Dictionary<FramePair, UsableGrant> _replies = []; // by the pair from the target to us
    private readonly Dictionary<FramePair, TaskCompletionSource> _awaited = [];
    private readonly List<UsableGrant> _all = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Ipv6Address _source;
    private readonly Task _reading;
    private volatile bool _mustRenew;

    private RegisteredProber(FrameParticipant participant, Ipv6Address source)
    {
        (_participant, _source) = (participant, source);
        _received = new ReceivedGrants(participant.Directory, Carriages.ProbeReplies, participant.Addresses.Contains);
        _reading = ReadAsync();
    }

    /// <summary>Who asks.</summary>
    public IdentityDirectory Identity => _participant.Directory;

    /// <summary>Takes up standing with the registrar of an identity directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="targets">Who will be asked: it is announced from where.</param>
    /// <param name="source">The only source address; default for the system's choice.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ProbeException">It cannot be; the message says why.</exception>
    /// <exception cref="IdentityException">Nobody is enrolled there.</exception>
    public static async Task<RegisteredProber> OpenAsync(
        string directory, IReadOnlyList<ProbeTarget> targets, Ipv6Address source, Action<string> log, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(targets);
        FrameParticipant participant = await FrameParticipant.OpenAsync(
            directory, FrameRole.Prober,
            certificate =>
            {
                Ipv6Address[] sources = source != default ? [source] : [.. targets.Select(OwnAddresses.Towards).Distinct()];
                foreach (Ipv6Address foreign in sources.Where(candidate => !certificate.Covers(candidate)))
                    throw new ProbeException($"The certificate of {certificate.Name} does not name {foreign}, from where requests would leave: choose another source with -I, or enrol with its prefix.");
                return sources;
            },
            log, TimeProvider.System, stop).ConfigureAwait(false);
        RegisteredProber prober = new(participant, source);
        try
        {
            await Task.WhenAny(prober._caughtUp.Task, prober._reading).WaitAsync(s_patience, stop).ConfigureAwait(false);
            return prober;
        }
        catch (TimeoutException silent)
        {
            await prober.DisposeAsync().ConfigureAwait(false);
            throw new ProbeException($"The registrar {participant.Directory.Registrar} does not tell what is granted to us.", silent);
        }
        catch
        {
            await prober.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sees to the keys for a run; returns the targets that can be asked.</summary>
    /// <param name="targets">Who is to be asked.</param>
    /// <param name="onUnable">Hears of each that cannot, and why.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ProbeException">The registrar does not take a new context.</exception>
    public async Task<IReadOnlyList<ProbeTarget>> PrepareAsync(
        IReadOnlyList<ProbeTarget> targets, Action<ProbeTarget, string> onUnable, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(onUnable);
        if (_mustRenew || EndsSoon(_participant.Context.EndsAtUnixNs))
        {
            await _participant.RenewAsync(stop).ConfigureAwait(false);
            _mustRenew = false;
            lock (_lock)
                _replies.Clear();
        }
        string[] reasons = await Task.WhenAll(targets.Select(target => PrepareAsync(target, stop))).ConfigureAwait(false);
        List<ProbeTarget> ready = [];
        for (int i = 0; i < targets.Count; i++)
        {
            if (reasons[i].Length == 0)
                ready.Add(targets[i]);
            else
                onUnable(targets[i], reasons[i]);
        }
        return ready;
    }

    /// <summary>How long the keys of prepared targets last: a run should end before they do.</summary>
    public TimeSpan UsableFor(IReadOnlyList<ProbeTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ulong end = _participant.Context.EndsAtUnixNs;
        lock (_lock)
            foreach (ProbeTarget target in targets)
                if (_replies.TryGetValue(PairTo(target).Reverse, out UsableGrant? replies))
                    end = Math.Min(end, replies.EndsAtUnixNs);
        return TimeSpan.FromTicks((long)((end - Math.Min(end, _participant.NowUnixNs)) / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>A target that did not answer may have lost its keys: the next run asks for new ones.</summary>
    public void Forget(ProbeTarget target)
    {
        FramePair pair = PairTo(target);
        lock (_lock)
            _replies.Remove(pair.Reverse);
    }

    /// <inheritdoc/>
    public AskingKeys ForTarget(ProbeTarget target)
    {
        FramePair pair = PairTo(target);
        UsableGrant? replies;
        lock (_lock)
            _replies.TryGetValue(pair.Reverse, out replies);
        if (replies is null)
            throw new ProbeException($"There are no keys for {pair.Destination}.");
        OwnFrameContext context = _participant.Context;
        ulong run = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1; // not 0
        return new AskingKeys(context.SealerOf(pair), replies.Opener, run, Math.Min(context.EndsAtUnixNs, replies.EndsAtUnixNs));
    }

    /// <inheritdoc/>
    public IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination) => [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _participant.DisposeAsync().ConfigureAwait(false);
        _all.ForEach(grant => grant.Opener.Dispose());
        _stop.Dispose();
    }

    private FramePair PairTo(ProbeTarget target) => new(_source != default ? _source : OwnAddresses.Towards(target), target.Address);

    private bool EndsSoon(ulong endsAtUnixNs) => endsAtUnixNs < _participant.NowUnixNs + RenewBeforeNs;

    private async Task<string> PrepareAsync(ProbeTarget target, CancellationToken stop)
    {
        FramePair pair = PairTo(target);
        lock (_lock)
        {
            if (_replies.TryGetValue(pair.Reverse, out UsableGrant? known) && !EndsSoon(known.EndsAtUnixNs))
                return "";
        }
        (Addressee? owner, string reason) = await _participant.FarEnds.FindAsync(pair, stop).ConfigureAwait(false);
        if (owner is null)
            return reason;
        TaskCompletionSource granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _awaited[pair.Reverse] = granted;
        reason = await _participant.GrantAsync(pair, owner, stop).ConfigureAwait(false);
        if (reason.Length > 0)
            return reason;
        try
        {
            await granted.Task.WaitAsync(s_patience, stop).ConfigureAwait(false);
            return "";
        }
        catch (TimeoutException)
        {
            return $"{owner.Certificate.Name} did not grant its replies: is 'pdm6 reflect --identity' running there, and can it reach UDP port 8651 here?";
        }
    }

    private async Task ReadAsync()
    {
        await foreach (FeedUpdate update in _participant.Feed.ReadAsync(_stop.Token).ConfigureAwait(false))
        {
            foreach (UsableGrant grant in _received.Take(update, _participant.NowUnixNs))
                Take(grant);
            if (update.Revoked.Count > 0)
                Revoke(update.Revoked);
            // What was granted before we asked may be of a reflector that is no more.
            if (update.IsComplete)
                _caughtUp.TrySetResult();
        }
    }

    private void Take(UsableGrant grant)
    {
        lock (_lock)
        {
            _all.Add(grant);
            if (!_awaited.Remove(grant.Pair, out TaskCompletionSource? awaited))
                return;
            _replies[grant.Pair] = grant;
            awaited.SetResult();
        }
    }

    private void Revoke(IReadOnlyList<Fingerprint> revoked)
    {
        lock (_lock)
        {
            foreach ((FramePair pair, _) in _replies.Where(reply => revoked.Contains(reply.Value.Sender)).ToArray())
            {
                _replies.Remove(pair);
                _mustRenew = true;
            }
        }
    }
}
