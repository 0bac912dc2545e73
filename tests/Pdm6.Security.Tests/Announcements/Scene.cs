using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Announcements;

/// <summary>A world with an endpoint that announces a context to an analyzer and grants a pair to another endpoint.</summary>
internal sealed class Scene : IDisposable
{
    public const ulong Second = 1_000_000_000;
    public const ulong Hour = 3600 * Second;
    public const string Source = "2001:db8:a::1", Destination = "2001:db8:b::1";

    public static ulong Now => World.NowUnixNs;

    public Scene()
    {
        Endpoint = World.Join("host-a", Role.Endpoint, "2001:db8:a::/48");
        Announcement = new Sender(Source).Announcement with
        {
            Sequence = 7, IssuedAtUnixNs = Now, NotAfterUnixNs = Now + 24 * Hour, Timetable = new EpochTimetable(9, Now, 60 * Second, 1440),
        };
        Grant = new Grant
        {
            FormatVersion = Grant.CurrentFormatVersion,
            ContextId = Announcement.ContextId,
            Source = Ipv6Address.Parse(Source),
            Destination = Ipv6Address.Parse(Destination),
            Recipient = Analyzer.PublicKey.KeyId,
            FirstEpochIndex = 0,
            LastEpochIndex = 1439,
            IssuedAtUnixNs = Now,
        };
    }

    public World World { get; } = new();
    public Participant Endpoint { get; init; }
    public HpkePrivateKey Analyzer { get; } = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
    public HpkePrivateKey Stranger { get; } = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
    public byte[] Secret { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    public Announcement Announcement { get; set; }
    public Grant Grant { get; set; }

    /// <summary>The announcement, sealed and signed by its endpoint or by another.</summary>
    public SignedEnvelope Announce(Participant? signer = null, Announcement? announcement = null)
    {
        signer ??= Endpoint;
        return Sign(EnvelopeKind.Announcement, SealedAnnouncement.Seal(
            announcement ?? Announcement, Secret, [new Recipient(Analyzer.PublicKey)], signer.Certificate), signer);
    }

    public SignedEnvelope Give(Participant? signer = null, Grant? grant = null)
    {
        signer ??= Endpoint;
        return Sign(EnvelopeKind.Grant, SealedGrant.Seal(
            grant ?? Grant, Secret, new Recipient(Analyzer.PublicKey), signer.Certificate), signer);
    }

    public SignedEnvelope Sign(EnvelopeKind kind, byte[] body, Participant? signer = null) =>
        SignedEnvelope.Sign(kind, body, (signer ?? Endpoint).Key, (signer ?? Endpoint).Certificate);

    public EnvelopeVerdict<SealedAnnouncement> Judge(SignedEnvelope envelope, ulong? now = null, ulong? last = null) =>
        AnnouncementGate.Check(envelope, World.Trust, now ?? Now, _ => last);

    public byte[]? Open(SealedAnnouncement announcement, HpkePrivateKey? key = null, Fingerprint? sender = null)
    {
        byte[] secret = new byte[32];
        return announcement.TryOpen(key ?? Analyzer, sender ?? Endpoint.Certificate.Hash, secret) ? secret : null;
    }

    public void Dispose()
    {
        World.Dispose();
        Analyzer.Dispose();
        Stranger.Dispose();
    }
}
