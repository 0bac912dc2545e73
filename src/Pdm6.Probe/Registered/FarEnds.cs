using System.Collections.Concurrent;
using System.Net.Sockets;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;

namespace Pdm6.Probe.Registered;

/// <summary>Finds out who owns an address, and goes and sees whether the owner is there, before anything is sealed to
/// him.</summary>
internal sealed class FarEnds(IdentityDirectory directory, RegistrarClient registrar, TimeProvider time)
{
    private static readonly TimeSpan s_checkAgain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<FramePair, (Fingerprint Owner, long CheckedAt)> _checked = new();

    /// <summary>The owner of a pair's destination; or why nothing may be sealed to it.</summary>
    internal async Task<(Addressee? Owner, string Reason)> FindAsync(FramePair pair, CancellationToken stop)
    {
        RegistrarReply<ParticipantKeys> reply = await registrar.GetOwnerAsync(pair.Destination, stop).ConfigureAwait(false);
        if (!reply.IsAccepted)
            return (null, reply.Code == ErrorCodes.NoOwner ? $"nobody has announced {pair.Destination}: is 'pdm6 reflect --identity' running there?" : reply.Message);
        ulong now = (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        if (!PublishedKeys.TryVerify(reply.Value!, directory.Authority, Role.Endpoint, now, out Addressee? owner, out string? error))
            return (null, error);
        if (!owner.Certificate.Covers(pair.Destination))
            return (null, $"{owner.Certificate.Name} may not have {pair.Destination}: its certificate names other prefixes.");
        if (_checked.TryGetValue(pair, out (Fingerprint Owner, long CheckedAt) last) && last.Owner == owner.Identity
            && time.GetElapsedTime(last.CheckedAt) < s_checkAgain)
            return (owner, "");
        string reason = await GoAndSeeAsync(pair, owner, stop).ConfigureAwait(false);
        if (reason.Length > 0)
            return (null, reason);
        _checked[pair] = (owner.Identity, time.GetTimestamp());
        return (owner, "");
    }

    private static async Task<string> GoAndSeeAsync(FramePair pair, Addressee owner, CancellationToken stop)
    {
        try
        {
            AddressCheckResult result = await AddressCheck.AskAsync(pair.Source, pair.Destination, owner.Certificate, stop).ConfigureAwait(false);
            return result switch
            {
                AddressCheckResult.Confirmed => "",
                AddressCheckResult.NoAnswer => $"{owner.Certificate.Name} does not answer at {pair.Destination}: let UDP port {AddressCheck.DefaultPort} through.",
                _ => $"somebody else than {owner.Certificate.Name} answers at {pair.Destination}: nothing is sealed to it.",
            };
        }
        catch (SocketException unusable)
        {
            return $"{pair.Source} cannot be used to ask who is at {pair.Destination}: {unusable.Message}";
        }
    }
}
