using System.Security.Cryptography;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>
/// One context of this process (protocol reference, section 7): announced, granted pair by pair, and used by nobody else.
/// It has one epoch, as long as a context may live, so a pair has one key and one sealer. Safe from several threads.
/// </summary>
internal sealed class OwnFrameContext : IDisposable
{
    private const byte OptionType = 0x1e; // an announcement has one; no option is ever sent

    private readonly FrameSenderContext _context;
    private readonly Lock _lock = new();
    private readonly Dictionary<FramePair, FrameSealer> _sealers = [];

    private OwnFrameContext(FrameSenderContext context, SignedEnvelope announcement) => (_context, Announcement) = (context, announcement);

    /// <summary>To be told to the registrar before any grant.</summary>
    internal SignedEnvelope Announcement { get; }

    /// <summary>From when on nothing is sealed, Unix time.</summary>
    internal ulong EndsAtUnixNs => _context.Timetable.EndNs;

    /// <summary>Begins a context. Its base secret is sealed to nobody: only the far end of a pair can read probes.</summary>
    internal static OwnFrameContext Begin(
        IdentityDirectory directory, IdentityKey identity, FrameRole role, IReadOnlyList<Ipv6Address> addresses, ulong nowUnixNs)
    {
        FrameSenderContext context = FrameSenderContext.Begin(
            Suite.Aes256Gcm, EpochTimetable.NewRandom(nowUnixNs, EpochTimetable.LongestLifeNs));
        ParticipantCertificate certificate = directory.Certificate;
        Announcement announcement = new()
        {
            FormatVersion = Security.Announcement.CurrentFormatVersion,
            ContextId = context.ContextId,
            IncarnationId = context.IncarnationId,
            Sequence = nowUnixNs,
            IssuedAtUnixNs = nowUnixNs,
            NotAfterUnixNs = context.Timetable.EndNs,
            AgentName = certificate.Name,
            Addresses = addresses,
            Suite = context.Suite,
            Timetable = context.Timetable,
            OptionType = OptionType,
            Carriages = role == FrameRole.Prober ? Carriages.ProbeRequests : Carriages.ProbeReplies,
            ClockErrorBoundNs = 0,
        };
        byte[] sealedToNobody = new byte[KeyDerivation.SecretSize];
        byte[] body = SealedAnnouncement.Seal(announcement, sealedToNobody, [], certificate);
        return new OwnFrameContext(context, SignedEnvelope.Sign(EnvelopeKind.Announcement, body, identity, certificate));
    }

    /// <summary>The secret of a pair, sealed to the owner of its destination.</summary>
    internal SignedEnvelope Grant(
        FramePair pair, Addressee owner, ParticipantCertificate certificate, IdentityKey identity, ulong nowUnixNs)
    {
        Grant grant = new()
        {
            FormatVersion = Security.Announcements.Grant.CurrentFormatVersion,
            ContextId = _context.ContextId,
            Source = pair.Source,
            Destination = pair.Destination,
            Recipient = owner.Recipient.Key.KeyId,
            FirstEpochIndex = 0,
            LastEpochIndex = _context.Timetable.Count - 1,
            IssuedAtUnixNs = nowUnixNs,
        };
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            _context.WritePairSecret(pair.Source, pair.Destination, pairSecret);
            byte[] body = SealedGrant.Seal(grant, pairSecret, owner.Recipient, certificate);
            return SignedEnvelope.Sign(EnvelopeKind.Grant, body, identity, certificate);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
    }

    /// <summary>The one sealer of a pair; it lives as long as this context.</summary>
    internal FrameSealer SealerOf(FramePair pair)
    {
        lock (_lock)
        {
            if (!_sealers.TryGetValue(pair, out FrameSealer? sealer))
                _sealers.Add(pair, sealer = _context.Sealer(pair.Source, pair.Destination, epochIndex: 0));
            return sealer;
        }
    }

    public void Dispose()
    {
        lock (_lock)
            foreach (FrameSealer sealer in _sealers.Values)
                sealer.Dispose();
        _context.Dispose();
    }
}
