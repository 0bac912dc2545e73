using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// What opens a capture: contexts that were announced, with the laboratory key that their secrets come from or the
/// analyzer's key that they are sealed to; base secrets by themselves; the key of udp-frames. Not for several threads.
/// </summary>
public sealed class CaptureKeys : IDisposable
{
    /// <summary>A capture is opened in one go: every expanded key that its pairs need in an epoch is kept.</summary>
    private static readonly OpenerLimits s_limits = OpenerLimits.Default with { HotKeys = 1 << 15 };

    private readonly KeyFile? _laboratoryKey;
    private readonly AnalyzerKeys? _analyzer;
    private readonly HashSet<Ipv6Address> _announced = [];
    private UInt128 _unannounced;

    /// <param name="laboratoryKey">The 32 octets of a laboratory's key file: they open udp-frames, and give the base
    /// secret of every context that is announced without a signature. Disposed with this.</param>
    /// <param name="analyzer">What opens signed announcements. Disposed with this.</param>
    public CaptureKeys(KeyFile? laboratoryKey = null, AnalyzerKeys? analyzer = null)
    {
        (_laboratoryKey, _analyzer) = (laboratoryKey, analyzer);
        Options = new OptionOpener(OpenerMode.Analysis, s_limits);
        Frames = laboratoryKey is null ? null : FrameOpener.FromKeyFile(laboratoryKey);
    }

    /// <summary>What came of the signed announcements.</summary>
    public AnnouncementTally Announcements { get; } = new();

    internal OptionOpener Options { get; }

    /// <summary>Opens udp-frames; null without their key.</summary>
    internal FrameOpener? Frames { get; }

    /// <summary>Takes a base secret without announcement: any source, any epoch, any time.</summary>
    public void AddBaseSecret(KeyFile file, Suite suite)
    {
        ArgumentNullException.ThrowIfNull(file);
        Options.AddUnannounced(new ContextId(++_unannounced), suite, file.Secret);
    }

    /// <summary>Takes announcements, signed or of a laboratory: a JSON array of them, or one after the other, as in JSON
    /// Lines. Signed ones that are not to be believed, or are for others, are counted in
    /// <see cref="Announcements"/> and left out.</summary>
    /// <returns>False, with a line that says why, if these are none, or if what gives their base secrets is
    /// missing.</returns>
    public bool TryAddAnnouncements(ReadOnlyMemory<byte> json, [NotNullWhen(false)] out string? error)
    {
        if (!AnnouncementDocuments.TrySplit(json, out IReadOnlyList<AnnouncementDocument>? documents, out error))
            return false;
        foreach (AnnouncementDocument document in documents)
            if (!TryAdd(document, out error))
                return false;
        return true;
    }

    /// <summary>Takes an announcement from inside a capture, if it can be used.</summary>
    internal void AddEmbedded(ReadOnlySpan<byte> json)
    {
        if (_laboratoryKey is not null || _analyzer is not null)
            TryAddAnnouncements(json.ToArray(), out _);
    }

    /// <summary>True if an announcement names this address as a sender's.</summary>
    internal bool IsAnnounced(Ipv6Address source) => _announced.Contains(source);

    /// <summary>The index of the epoch that something of a flow was opened in, rising over the life of its context.</summary>
    /// <param name="epochs">The epochs of that flow.</param>
    /// <param name="context">The context that opened it.</param>
    /// <param name="epoch">The epoch as on the wire.</param>
    /// <param name="index">What the opener says of it.</param>
    internal long EpochIndexOf(ref EpochContinuation epochs, ContextId context, ushort epoch, long index) =>
        context.Value <= _unannounced ? epochs.IndexOf(context, epoch) : index;

    /// <summary>Zeroes every secret.</summary>
    public void Dispose()
    {
        Options.Dispose();
        Frames?.Dispose();
        _laboratoryKey?.Dispose();
        _analyzer?.Dispose();
    }

    private bool TryAdd(in AnnouncementDocument document, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (document.Envelope is { } envelope)
        {
            if (_analyzer is null)
                error = "These announcements are sealed: name the key of an analyzer that they were sealed to (--analyzer-key) "
                    + "and the certificate of the authority (--authority).";
            else
                Take(envelope, _analyzer);
        }
        else if (_laboratoryKey is null)
            error = "Announcements without a signature need the laboratory's key file (--key-file): it gives the secrets that they do not hold.";
        else
            Take(document.Announcement!, _laboratoryKey);
        return error is null;
    }

    private void Take(Announcement announcement, KeyFile laboratoryKey)
    {
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        KeyDerivation.BaseSecretFromKeyFile(laboratoryKey.Secret, announcement.IncarnationId, baseSecret);
        Use(announcement, baseSecret);
    }

    private void Take(SignedEnvelope envelope, AnalyzerKeys analyzer)
    {
        EnvelopeVerdict<SealedAnnouncement> verdict = AnnouncementGate.CheckForCapture(envelope, analyzer.Authority);
        if (!verdict.IsAccepted)
        {
            Announcements.Refuse(verdict.Sender?.Name, verdict.Reason);
            return;
        }
        Announcement announcement = verdict.Content.Announcement;
        // Of a host that announces, what is sealed counts alone, whether it can be opened or not.
        _announced.UnionWith(announcement.Addresses);
        if (!analyzer.TryFindKeyOf(verdict.Content, out HpkePrivateKey? key))
        {
            Announcements.CountForOthers();
            return;
        }
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        if (!verdict.Content.TryOpen(key, verdict.Sender.Hash, baseSecret))
        {
            Announcements.Refuse(
                verdict.Sender.Name, "Its sealed secret does not open: it was sealed for another announcement or by another sender.");
            return;
        }
        Use(announcement, baseSecret);
        Announcements.CountUsed();
    }

    /// <summary>Adds a context and zeroes its secret.</summary>
    private void Use(Announcement announcement, Span<byte> baseSecret)
    {
        Options.Add(announcement, baseSecret);
        CryptographicOperations.ZeroMemory(baseSecret);
        _announced.UnionWith(announcement.Addresses);
    }
}
