using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Pdm6.Collector.Ingest;
using Pdm6.Export;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Collector.Secrets;

/// <summary>
/// With registration: base secrets come sealed to this analyzer's key, signed by the endpoint, through a registrar that
/// cannot open them. Agents are those whom the authority knows and nobody has revoked.
/// </summary>
internal sealed class RegisteredSecrets : IContextSecrets
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly IdentityDirectory _directory;
    private readonly ParticipantSession _session;
    private readonly EnrolledIdentity _peers;
    private readonly IReadOnlyList<string> _kept;
    private readonly IngestQueue _queue;
    private readonly ILogger _logger;

    private RegisteredSecrets(
        IdentityDirectory directory, IReadOnlyList<string> kept, IngestQueue queue, ILogger logger, TimeProvider time)
    {
        (_directory, _kept, _queue, _logger) = (directory, kept, queue, logger);
        _session = new ParticipantSession(directory, time, line => logger.LogWarning("{Line}", line));
        _peers = EnrolledIdentity.ForCollector(() => directory.TlsCertificate, directory.Authority, time);
    }

    public IPeerIdentity Peers => _peers;

    /// <summary>What agents pin.</summary>
    public Fingerprint Identity => _directory.Certificate.IdentityFingerprint;

    /// <summary>Opens an identity.</summary>
    /// <param name="path">Its directory.</param>
    /// <param name="kept">The envelopes of a collector before this one.</param>
    /// <param name="queue">Takes what is opened.</param>
    /// <param name="logger">Takes lines for people.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CollectorConfigurationException">The directory cannot be used.</exception>
    public static RegisteredSecrets Open(
        string path, IReadOnlyList<string> kept, IngestQueue queue, ILogger logger, TimeProvider time)
    {
        IdentityDirectory directory = Load(path);
        if (directory.Role == Role.Analyzer)
            return new RegisteredSecrets(directory, kept, queue, logger, time);
        directory.Dispose();
        throw new CollectorConfigurationException(
            $"identity: {path} is enrolled as an endpoint; a collector needs one enrolled with --role analyzer");
    }

    public bool MayReport(ReadOnlySpan<byte> certificateDer, out string? name)
    {
        name = _peers.PeerOf(certificateDer)?.Name;
        return name is not null;
    }

    public bool TryGetBaseSecret(Announcement announcement, Span<byte> baseSecret) => false;

    public async Task RunAsync(CancellationToken stop)
    {
        await ReopenAsync(stop).ConfigureAwait(false);
        await (await Task.WhenAny(_session.RunAsync(stop), FollowAsync(stop)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What a collector before this one had opened, so that late observations still open when the registrar is
    /// away.</summary>
    private async Task ReopenAsync(CancellationToken stop)
    {
        foreach (string json in _kept)
            if (SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(json), out SignedEnvelope? envelope, out _)
                && AnnouncementGate.CheckForCapture(envelope, _directory.Authority) is { IsAccepted: true } verdict)
                await TakeAsync(envelope, verdict.Sender, verdict.Content, stop).ConfigureAwait(false);
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        await foreach (FeedUpdate update in _session.Feed.ReadAsync(stop).ConfigureAwait(false))
        {
            foreach (string refused in update.Refused)
                _logger.LogWarning("{Refused}", refused);
            foreach (Fingerprint revoked in update.Revoked)
                _peers.Revoke(revoked);
            foreach (Received<SealedAnnouncement> received in update.Announcements)
                await TakeAsync(received.Envelope, received.Sender, received.Content, stop).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(
        SignedEnvelope envelope, ParticipantCertificate sender, SealedAnnouncement content, CancellationToken stop)
    {
        byte[] baseSecret = GC.AllocateArray<byte>(KeyDerivation.SecretSize, pinned: true);
        if (!_directory.HpkeKeys.Any(key => content.TryOpen(key, sender.Hash, baseSecret)))
        {
            _logger.LogWarning("The context {Context} of {Sender} is not sealed to a key of this analyzer.",
                content.Announcement.ContextId, sender.Name);
            return;
        }
        IngestMessage.Context message = new(
            new SealedContext(content.Announcement, Encoding.UTF8.GetString(envelope.ToJson())), baseSecret);
        bool isTaken = false;
        try
        {
            while (!isTaken)
                isTaken = await _queue.TryAddAsync(message, _patience, stop).ConfigureAwait(false);
        }
        finally
        {
            if (!isTaken)
                CryptographicOperations.ZeroMemory(baseSecret);
        }
    }

    private static IdentityDirectory Load(string path)
    {
        try
        {
            return IdentityDirectory.Load(path);
        }
        catch (Exception error) when (error is IdentityException or KeyFileException)
        {
            throw new CollectorConfigurationException($"identity: {error.Message}", error);
        }
    }
}
