using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Client;

/// <summary>
/// The routes of a registrar, one method each. The server is known by its authority (<see cref="RegistrarTrust"/>), the
/// caller by his certificate. What comes back is what the registrar said and nothing more: envelopes are yet to be
/// verified. Safe for use by several threads.
/// </summary>
public sealed class RegistrarClient : IDisposable
{
    private readonly RegistrarConnection _connection;

    /// <summary>A client; it connects when it is first used.</summary>
    /// <param name="registrar">For example <c>https://registrar.example:8652</c>.</param>
    /// <param name="authority">The pinned authority.</param>
    /// <param name="certificate">Gives the caller's certificate with its key, or null before he has one; called for each
    /// connection. The client does not dispose of it.</param>
    /// <param name="time">Tells which certificates are valid.</param>
    /// <exception cref="ArgumentException">The address is not an absolute https address.</exception>
    public RegistrarClient(Uri registrar, AuthorityCertificate authority, Func<X509Certificate2?> certificate, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registrar);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(time);
        _connection = new RegistrarConnection(registrar, new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate()!,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = new RegistrarTrust(authority, registrar.IdnHost, time).Require,
        });
    }

    /// <summary>Asks for a first certificate, or again for the same.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<EnrollmentAnswer>> EnrollAsync(EnrollmentRequest request, CancellationToken cancellationToken) =>
        _connection.AskAsync(
            HttpMethod.Post, RegistrarRoutes.Enrollments, JsonContent.Create(request, RegistrarJson.Default.EnrollmentRequest),
            RegistrarJson.Default.EnrollmentAnswer, TimeSpan.Zero, cancellationToken);

    /// <summary>Asks for a new certificate in place of one that ends soon.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<RenewalAnswer>> RenewAsync(RenewalRequest request, CancellationToken cancellationToken) =>
        _connection.AskAsync(
            HttpMethod.Post, RegistrarRoutes.Certificates, JsonContent.Create(request, RegistrarJson.Default.RenewalRequest),
            RegistrarJson.Default.RenewalAnswer, TimeSpan.Zero, cancellationToken);

    /// <summary>Publishes the envelope of a key bundle.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<VersionAnswer>> PutKeysAsync(SignedEnvelope keyBundle, CancellationToken cancellationToken) =>
        _connection.AskAsync<VersionAnswer>(
            HttpMethod.Put, RegistrarRoutes.Keys, JsonContent.Create(keyBundle, RegistrarJson.Default.SignedEnvelope),
            answer: null, TimeSpan.Zero, cancellationToken);

    /// <summary>The analyzers that are not revoked, and their keys.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RegistrarReply<IReadOnlyList<ParticipantKeys>>> GetAnalyzersAsync(CancellationToken cancellationToken)
    {
        RegistrarReply<IReadOnlyList<ParticipantKeys>> reply = await _connection.AskAsync(
            HttpMethod.Get, RegistrarRoutes.Analyzers, body: null,
            RegistrarJson.Default.IReadOnlyListParticipantKeys, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        // JSON allows a null among them.
        return reply with { Value = reply.Value?.OfType<ParticipantKeys>().ToArray() };
    }

    /// <summary>The endpoint that has a live announcement of an address, and its keys. Nobody:
    /// <see cref="ErrorCodes.NoOwner"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<ParticipantKeys>> GetOwnerAsync(Ipv6Address address, CancellationToken cancellationToken) =>
        _connection.AskAsync(
            HttpMethod.Get, RegistrarRoutes.Owners + address, body: null,
            RegistrarJson.Default.ParticipantKeys, TimeSpan.Zero, cancellationToken);

    /// <summary>Announces a context. Durable when accepted.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<VersionAnswer>> PostAnnouncementAsync(SignedEnvelope announcement, CancellationToken cancellationToken) =>
        _connection.AskAsync(
            HttpMethod.Post, RegistrarRoutes.Announcements, JsonContent.Create(announcement, RegistrarJson.Default.SignedEnvelope),
            RegistrarJson.Default.VersionAnswer, TimeSpan.Zero, cancellationToken);

    /// <summary>Hands out pair secrets, all of them or none.</summary>
    /// <param name="grants">At most <see cref="RegistrarLimits.MostGrants"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<VersionAnswer>> PostGrantsAsync(
        IReadOnlyList<SignedEnvelope> grants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(grants.Count, RegistrarLimits.MostGrants, nameof(grants));
        return _connection.AskAsync(
            HttpMethod.Post, RegistrarRoutes.Grants, JsonContent.Create(grants, RegistrarJson.Default.IReadOnlyListSignedEnvelope),
            RegistrarJson.Default.VersionAnswer, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>What happened after a version, as soon as there is something.</summary>
    /// <param name="after">Version of the last page; 0 for the first, which comes at once.</param>
    /// <param name="waitSeconds">How long to wait, at most <see cref="RegistrarLimits.LongestWaitSeconds"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<FeedPage>> GetFeedAsync(long after, int waitSeconds, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegative(waitSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(waitSeconds, RegistrarLimits.LongestWaitSeconds);
        return _connection.AskAsync(
            HttpMethod.Get, $"{RegistrarRoutes.Feed}?after={after}&waitSeconds={waitSeconds}", body: null,
            RegistrarJson.Default.FeedPage, TimeSpan.FromSeconds(waitSeconds), cancellationToken);
    }

    /// <summary>Announcements that named the caller and were in force between two instants, expired or not: for
    /// captures.</summary>
    /// <param name="fromUnixNs">Nanoseconds since the Unix epoch.</param>
    /// <param name="toUnixNs">Nanoseconds since the Unix epoch.</param>
    /// <param name="after">Version of the last page; 0 for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<RegistrarReply<ArchivePage>> GetMyAnnouncementsAsync(
        ulong fromUnixNs, ulong toUnixNs, long after, CancellationToken cancellationToken) =>
        _connection.AskAsync(
            HttpMethod.Get, $"{RegistrarRoutes.MyAnnouncements}?from={fromUnixNs}&to={toUnixNs}&after={after}", body: null,
            RegistrarJson.Default.ArchivePage, TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
