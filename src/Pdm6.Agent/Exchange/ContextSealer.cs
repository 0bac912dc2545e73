using System.Security.Cryptography;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security;

namespace Pdm6.Agent.Exchange;

/// <summary>Seals the secrets of our contexts to those who shall have them, and signs that it was us. For one thread at a
/// time.</summary>
/// <param name="directory">Our certificate and key.</param>
/// <param name="contexts">Takes what was sealed.</param>
internal sealed class ContextSealer(IdentityDirectory directory, OwnContexts contexts) : IDisposable
{
    private readonly IdentityKey _identity = directory.OpenIdentityKey();

    /// <summary>Seals a context's base secret to analyzers.</summary>
    internal void Announce(SendingContext context, IReadOnlyList<Addressee> analyzers)
    {
        ParticipantCertificate certificate = directory.Certificate;
        byte[] body = SealedAnnouncement.Seal(
            context.Announcement, context.BaseSecret, [.. analyzers.Select(analyzer => analyzer.Recipient)], certificate);
        contexts.Add(
            context.Announcement.ContextId, analyzers.Select(analyzer => analyzer.Identity).ToHashSet(),
            Sign(EnvelopeKind.Announcement, body, certificate));
    }

    /// <summary>Seals a pair's secret to the owner of its destination.</summary>
    internal void Grant(SendingContext context, AddressPair pair, Addressee owner, ulong nowUnixNs)
    {
        ParticipantCertificate certificate = directory.Certificate;
        Grant grant = new()
        {
            FormatVersion = Security.Announcements.Grant.CurrentFormatVersion,
            ContextId = context.Announcement.ContextId,
            Source = pair.Source,
            Destination = pair.Destination,
            Recipient = owner.Recipient.Key.KeyId,
            FirstEpochIndex = 0,
            LastEpochIndex = context.Announcement.Timetable.Count - 1,
            IssuedAtUnixNs = nowUnixNs,
        };
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            KeyDerivation.PairSecret(context.BaseSecret, pair.Source, pair.Destination, pairSecret);
            byte[] body = SealedGrant.Seal(grant, pairSecret, owner.Recipient, certificate);
            contexts.AddGrant(grant.ContextId, pair, owner.Identity, Sign(EnvelopeKind.Grant, body, certificate));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
    }

    public void Dispose() => _identity.Dispose();

    private SignedEnvelope Sign(EnvelopeKind kind, byte[] body, ParticipantCertificate certificate) =>
        SignedEnvelope.Sign(kind, body, _identity, certificate);
}
