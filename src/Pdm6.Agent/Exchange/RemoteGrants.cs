using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// The live contexts of others of which this host was given pair secrets, and these secrets. Bounded; secrets are zeroed
/// when they go. Thread-safe.
/// </summary>
/// <param name="most">Grants, and contexts, that are kept: those that come later are left out.</param>
internal sealed class RemoteGrants(int most = Keys.ReceivingKeys.MostKeys) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ContextId, (Announcement Announcement, Fingerprint Sender)> _contexts = [];
    private readonly Dictionary<(ContextId Context, AddressPair Pair), (byte[] Secret, Fingerprint Sender)> _secrets = [];

    /// <summary>The announcements of live contexts.</summary>
    internal IReadOnlyList<Announcement> Announcements
    {
        get
        {
            lock (_lock)
                return [.. _contexts.Values.Select(context => context.Announcement)];
        }
    }

    /// <summary>A context, verified.</summary>
    internal void Add(Announcement announcement, Fingerprint sender)
    {
        lock (_lock)
            if (_contexts.Count < most || _contexts.ContainsKey(announcement.ContextId))
                _contexts[announcement.ContextId] = (announcement, sender);
    }

    /// <summary>A secret, opened; a copy is kept.</summary>
    internal void Add(ContextId context, AddressPair pair, Fingerprint sender, ReadOnlySpan<byte> pairSecret)
    {
        lock (_lock)
        {
            if (_secrets.TryGetValue((context, pair), out (byte[] Secret, Fingerprint Sender) known))
            {
                if (IsAnnouncer(context, pair, known.Sender))
                    return; // nobody takes the place of the one whose context it is
                CryptographicOperations.ZeroMemory(known.Secret);
            }
            else if (_secrets.Count >= most)
                return;
            byte[] copy = GC.AllocateUninitializedArray<byte>(KeyDerivation.SecretSize, pinned: true);
            pairSecret.CopyTo(copy);
            _secrets[(context, pair)] = (copy, sender);
        }
    }

    /// <summary>Copies a secret; false if whoever announced the context, and the source in it, did not give it.</summary>
    internal bool TryGet(ContextId context, AddressPair pair, Span<byte> pairSecret)
    {
        lock (_lock)
        {
            if (!_secrets.TryGetValue((context, pair), out (byte[] Secret, Fingerprint Sender) known) || !IsAnnouncer(context, pair, known.Sender))
                return false;
            known.Secret.CopyTo(pairSecret);
            return true;
        }
    }

    /// <summary>Forgets a participant. True if there was something to forget.</summary>
    internal bool Forget(Fingerprint sender) => Remove(context => context.Sender == sender, grant => grant.Sender == sender);

    /// <summary>Forgets what has expired. True if there was something to forget.</summary>
    internal bool Expire(ulong nowUnixNs) => Remove(context => context.Announcement.NotAfterUnixNs <= nowUnixNs, _ => false);

    /// <inheritdoc/>
    public void Dispose() => Remove(_ => true, _ => true);

    private bool IsAnnouncer(ContextId context, AddressPair pair, Fingerprint sender) =>
        _contexts.TryGetValue(context, out (Announcement Announcement, Fingerprint Sender) known) && known.Sender == sender
        && known.Announcement.Addresses.Contains(pair.Source);

    private bool Remove(
        Func<(Announcement Announcement, Fingerprint Sender), bool> ofContexts, Func<(byte[] Secret, Fingerprint Sender), bool> ofGrants)
    {
        lock (_lock)
        {
            HashSet<ContextId> gone = [.. _contexts.Where(context => ofContexts(context.Value)).Select(context => context.Key)];
            foreach (ContextId context in gone)
                _contexts.Remove(context);
            foreach (((ContextId Context, AddressPair) id, (byte[] Secret, Fingerprint) grant) in
                _secrets.Where(entry => gone.Contains(entry.Key.Context) || ofGrants(entry.Value)).ToArray())
            {
                CryptographicOperations.ZeroMemory(grant.Secret);
                _secrets.Remove(id);
            }
            return gone.Count > 0;
        }
    }
}
