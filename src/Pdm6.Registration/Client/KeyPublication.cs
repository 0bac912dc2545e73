using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>Tells others, through the registrar, which HPKE key to seal to: once a day, and when the key changes.</summary>
/// <param name="directory">Whose key.</param>
/// <param name="time">The clock.</param>
internal sealed class KeyPublication(IdentityDirectory directory, TimeProvider time)
{
    private const ulong NanosecondsPerTick = 100;
    private static readonly TimeSpan s_period = TimeSpan.FromDays(1);
    // Who is away for longer is sealed to again when he is back.
    private static readonly TimeSpan s_life = TimeSpan.FromDays(30);

    /// <summary>True if the registrar lacks the current key, or has its bundle for a day.</summary>
    public bool IsDue
    {
        get
        {
            KeyRingRecord ring = directory.KeyRing;
            return ring.Published != ring.Current || ring.PublishedAtUnixNs + (ulong)s_period.Ticks * NanosecondsPerTick <= (ulong)time.UnixNs();
        }
    }

    /// <summary>Signs a bundle of the current key and sends it.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RegistrarReply<VersionAnswer>> PublishAsync(RegistrarClient client, CancellationToken stop)
    {
        KeyRingRecord bundle = directory.Change(files => new KeyRing(files).NextBundle((ulong)time.UnixNs()));
        RegistrarReply<VersionAnswer> reply = await client.PutKeysAsync(Sign(bundle), stop).ConfigureAwait(false);
        if (reply.IsAccepted)
            directory.Change(files =>
            {
                KeyRing ring = new(files);
                ring.MarkPublished(bundle, (ulong)time.UnixNs());
                ring.RemoveOutlived(directory.Role, (ulong)time.UnixNs());
                return true;
            });
        return reply;
    }

    private SignedEnvelope Sign(KeyRingRecord bundle)
    {
        // The ring may be ahead of what the directory has read.
        directory.Refresh();
        HpkePublicKey key = directory.HpkeKeys.Single(one => one.PublicKey.KeyId.ToString() == bundle.Current).PublicKey;
        ulong now = (ulong)time.UnixNs();
        using IdentityKey identity = directory.OpenIdentityKey();
        return SignedEnvelope.Sign(
            EnvelopeKind.KeyBundle,
            KeyBundle.Create([key], bundle.Sequence, now, now + (ulong)s_life.Ticks * NanosecondsPerTick).ToJson(),
            identity, directory.Certificate);
    }
}
