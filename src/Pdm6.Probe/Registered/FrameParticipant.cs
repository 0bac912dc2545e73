using System.Net.Sockets;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>
/// A prober or a reflector as its registrar knows it: an incarnation of an enrolled endpoint, with contexts of its own, that
/// grants pairs and answers address checks. Safe from several threads.
/// </summary>
internal sealed class FrameParticipant : IAsyncDisposable
{
    private readonly FrameRole _role;
    private readonly TimeProvider _time;
    private readonly ParticipantSession _session;
    private readonly IdentityKey _identity;
    private readonly SemaphoreSlim _turn = new(1); // the identity key is not for several threads
    private readonly List<IAsyncDisposable> _responders = [];
    private readonly List<IDisposable> _owned = [];
    private readonly CancellationTokenSource _stop = new();
    private OwnFrameContext? _context;
    private Task _standing = Task.CompletedTask;

    private FrameParticipant(FrameRole role, IdentityDirectory directory, IReadOnlyList<Ipv6Address> addresses, Action<string> log, TimeProvider time)
    {
        (_role, _time, Directory, Addresses) = (role, time, directory, addresses);
        _identity = directory.OpenIdentityKey();
        _session = new ParticipantSession(directory, time, log);
        FarEnds = new FarEnds(directory, _session.Registrar, time);
    }

    internal IdentityDirectory Directory { get; }

    /// <summary>Addresses that contexts announce.</summary>
    internal IReadOnlyList<Ipv6Address> Addresses { get; }

    internal FarEnds FarEnds { get; }

    /// <summary>What others announce to this host.</summary>
    internal RegistrarFeed Feed => _session.Feed;

    /// <summary>The context in use.</summary>
    internal OwnFrameContext Context => Volatile.Read(ref _context) ?? throw new InvalidOperationException("There is no context yet.");

    internal ulong NowUnixNs => (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Takes up standing: keys published, address checks answered, a context announced.</summary>
    /// <param name="path">The identity directory.</param>
    /// <param name="role">What the contexts are for.</param>
    /// <param name="choose">Chooses the addresses, of those that the certificate covers.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ProbeException">The registrar does not take it; the message says why.</exception>
    /// <exception cref="IdentityException">Nobody is enrolled there.</exception>
    internal static async Task<FrameParticipant> OpenAsync(
        string path, FrameRole role, Func<ParticipantCertificate, IReadOnlyList<Ipv6Address>> choose, Action<string> log, TimeProvider time,
        CancellationToken stop)
    {
        IdentityDirectory directory = IdentityDirectory.Load(path);
        FrameParticipant? opened = null;
        try
        {
            opened = new FrameParticipant(role, directory, choose(directory.Certificate), log, time);
            string trouble = await opened._session.CatchUpAsync(stop).ConfigureAwait(false);
            if (trouble.Length > 0)
                throw new ProbeException($"The registrar {directory.Registrar}: {trouble}");
            opened.AnswerAddressChecks();
            await opened.RenewAsync(stop).ConfigureAwait(false);
            opened._standing = opened._session.RunAsync(opened._stop.Token);
            return opened;
        }
        catch
        {
            if (opened is null)
                directory.Dispose();
            else
                await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins another context; the sealers of the one before stay.</summary>
    /// <exception cref="ProbeException">The registrar does not take it.</exception>
    internal async Task RenewAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            OwnFrameContext next = OwnFrameContext.Begin(Directory, _identity, _role, Addresses, NowUnixNs);
            _owned.Add(next);
            RegistrarReply<VersionAnswer> reply = await _session.Registrar.PostAnnouncementAsync(next.Announcement, stop).ConfigureAwait(false);
            if (!reply.IsAccepted)
                throw new ProbeException($"The registrar {Directory.Registrar}: {reply.Message}");
            Volatile.Write(ref _context, next);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Grants a pair of the context in use; returns what went wrong, or an empty line.</summary>
    internal async Task<string> GrantAsync(FramePair pair, Addressee owner, CancellationToken stop)
    {
        SignedEnvelope envelope;
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            envelope = Context.Grant(pair, owner, Directory.Certificate, _identity, NowUnixNs);
        }
        finally
        {
            _turn.Release();
        }
        return (await _session.Registrar.PostGrantsAsync([envelope], stop).ConfigureAwait(false)).Message;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _standing.ConfigureAwait(false);
        foreach (IAsyncDisposable responder in _responders)
            await responder.DisposeAsync().ConfigureAwait(false);
        _owned.ForEach(owned => owned.Dispose());
        _session.Dispose();
        _identity.Dispose();
        Directory.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    /// <summary>The far end checks our address too before it grants us anything.</summary>
    private void AnswerAddressChecks()
    {
        foreach (Ipv6Address address in Addresses)
        {
            IdentityKey key = Directory.OpenIdentityKey();
            _owned.Add(key);
            try
            {
                _responders.Add(AddressCheckResponder.Start(key, address, _time));
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The agent of this host, or its reflector, answers with the same identity.
            }
        }
    }
}
