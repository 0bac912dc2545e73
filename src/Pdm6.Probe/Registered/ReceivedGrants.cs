using System.Security.Cryptography;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>
/// What others granted to this host, put together from the feed: a grant counts when the announcement of its context is
/// there, by the same sender, for the carriage that we wait for. For one thread.
/// </summary>
/// <param name="directory">Our keys.</param>
/// <param name="carriage">What the other side's contexts carry.</param>
/// <param name="isOwn">True for addresses of ours.</param>
internal sealed class ReceivedGrants(IdentityDirectory directory, Carriages carriage, Func<Ipv6Address, bool> isOwn)
{
    private const int MostWaiting = 1024;

    private readonly Dictionary<ContextId, (Announcement Announcement, Fingerprint Sender)> _contexts = [];
    private readonly List<Received<SealedGrant>> _waiting = [];

    /// <summary>Takes news in; returns the grants that can be used from now on.</summary>
    internal IReadOnlyList<UsableGrant> Take(FeedUpdate update, ulong nowUnixNs)
    {
        foreach (Received<SealedAnnouncement> received in update.Announcements)
            if ((received.Content.Announcement.Carriages & carriage) != 0)
                _contexts[received.Content.Announcement.ContextId] = (received.Content.Announcement, received.Sender.IdentityFingerprint);
        foreach ((ContextId ended, _) in _contexts.Where(context => context.Value.Announcement.NotAfterUnixNs <= nowUnixNs).ToArray())
            _contexts.Remove(ended);
        _waiting.AddRange(update.Grants.Where(received => isOwn(received.Content.Grant.Destination)));
        List<UsableGrant> usable = [];
        for (int i = 0; i < _waiting.Count; i++)
        {
            if (!_contexts.TryGetValue(_waiting[i].Content.Grant.ContextId, out (Announcement Announcement, Fingerprint Sender) context))
                continue;
            if (TryOpen(_waiting[i], context.Announcement, context.Sender) is { } opened)
                usable.Add(opened);
            _waiting.RemoveAt(i--);
        }
        // Grants for the agent of this host wait for announcements that never count here.
        if (_waiting.Count > MostWaiting)
            _waiting.RemoveRange(0, _waiting.Count - MostWaiting);
        return usable;
    }

    private UsableGrant? TryOpen(Received<SealedGrant> received, Announcement announcement, Fingerprint sender)
    {
        Grant grant = received.Content.Grant;
        if (sender != received.Sender.IdentityFingerprint || announcement.Timetable.Count != 1
            || !announcement.Addresses.Contains(grant.Source) || !received.Sender.Covers(grant.Source)
            || directory.HpkeKeys.FirstOrDefault(key => key.PublicKey.KeyId == grant.Recipient) is not { } key)
            return null;
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            return received.Content.TryOpen(key, received.Sender.Hash, pairSecret)
                ? new UsableGrant(
                    new FramePair(grant.Source, grant.Destination), sender,
                    FrameOpener.FromPairSecret(pairSecret, announcement.Suite, announcement.Timetable.EpochOf(0)),
                    announcement.Timetable.EndNs)
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
    }
}
