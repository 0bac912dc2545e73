using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Export;

/// <summary>
/// Who an agent and a collector are to each other with registration: participants whose certificates one authority has
/// issued. A peer has the right role, a certificate that is valid now, and was not revoked; an agent, which tells a
/// collector everything, also has a list of those that it trusts. Safe for use by several threads.
/// </summary>
public sealed class EnrolledIdentity : IPeerIdentity
{
    // A certificate that has been verified once stays verified; what can change is looked at each time.
    private const int MostRemembered = 4096;

    private readonly Func<X509Certificate2> _own;
    private readonly AuthorityCertificate _authority;
    private readonly Role _wanted;
    private readonly IReadOnlySet<Fingerprint>? _pinned;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Fingerprint, byte> _revoked = new();
    private readonly ConcurrentDictionary<Fingerprint, ParticipantCertificate> _verified = new();

    private EnrolledIdentity(
        Func<X509Certificate2> own, AuthorityCertificate authority, Role wanted, IReadOnlySet<Fingerprint>? pinned, TimeProvider time) =>
        (_own, _authority, _wanted, _pinned, _time) = (own, authority, wanted, pinned, time);

    /// <inheritdoc/>
    public X509Certificate2 Certificate => _own();

    /// <inheritdoc/>
    public string Advice => _pinned is null
        ? "enroll both with the same registrar"
        : "enroll both with the same registrar, and list the collector's fingerprint ('pdm6 keys show' there) in \"analyzers\"";

    /// <summary>The identity of an agent, whose peer is a collector.</summary>
    /// <param name="own">Gives the agent's certificate with its key: the newest.</param>
    /// <param name="authority">The authority of both.</param>
    /// <param name="analyzers">Those that may be told anything.</param>
    /// <param name="time">Tells which certificates are valid.</param>
    public static EnrolledIdentity ForAgent(
        Func<X509Certificate2> own, AuthorityCertificate authority, IReadOnlySet<Fingerprint> analyzers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(analyzers);
        return Create(own, authority, Role.Analyzer, analyzers, time);
    }

    /// <summary>The identity of a collector, whose peers are agents.</summary>
    /// <param name="own">Gives the collector's certificate with its key: the newest.</param>
    /// <param name="authority">The authority of both.</param>
    /// <param name="time">Tells which certificates are valid.</param>
    public static EnrolledIdentity ForCollector(Func<X509Certificate2> own, AuthorityCertificate authority, TimeProvider time) =>
        Create(own, authority, Role.Endpoint, pinned: null, time);

    /// <summary>From now on this participant is no peer. There is no way back: who is let in again has another key.</summary>
    public void Revoke(Fingerprint identity) => _revoked[identity] = 0;

    /// <inheritdoc/>
    public bool IsPeer(X509Certificate? certificate) =>
        certificate is not null && PeerOf(certificate.GetRawCertData()) is not null;

    /// <summary>The peer that holds a certificate; null if it is none.</summary>
    /// <param name="der">Octets from anywhere.</param>
    public ParticipantCertificate? PeerOf(ReadOnlySpan<byte> der)
    {
        Fingerprint hash = Fingerprint.Of(der);
        if (!_verified.TryGetValue(hash, out ParticipantCertificate? peer))
        {
            if (!ParticipantCertificate.TryParse(der, out peer, out _) || !peer.IsIssuedBy(_authority) || peer.Role != _wanted
                || _pinned?.Contains(peer.IdentityFingerprint) == false)
                return null;
            if (_verified.Count >= MostRemembered)
                _verified.Clear();
            _verified[hash] = peer;
        }
        return !_revoked.ContainsKey(peer.IdentityFingerprint) && peer.IsValidAt(NowUnixNs) ? peer : null;
    }

    private ulong NowUnixNs => (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private static EnrolledIdentity Create(
        Func<X509Certificate2> own, AuthorityCertificate authority, Role wanted, IReadOnlySet<Fingerprint>? pinned, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(time);
        return new EnrolledIdentity(own, authority, wanted, pinned, time);
    }
}
