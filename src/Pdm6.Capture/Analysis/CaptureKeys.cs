using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// What opens a capture: contexts that were announced, with the laboratory key that their secrets come from; base
/// secrets by themselves; the key of udp-frames. Not for several threads.
/// </summary>
public sealed class CaptureKeys : IDisposable
{
    /// <summary>A capture is opened in one go: every expanded key that its pairs need in an epoch is kept.</summary>
    private static readonly OpenerLimits s_limits = OpenerLimits.Default with { HotKeys = 1 << 15 };

    private readonly KeyFile? _laboratoryKey;
    private readonly HashSet<Ipv6Address> _announced = [];
    private readonly EpochContinuation _epochs = new();
    private UInt128 _unannounced;

    /// <param name="laboratoryKey">The 32 octets of a laboratory's key file: they open udp-frames, and give the base
    /// secret of every context that is announced. Disposed with this.</param>
    public CaptureKeys(KeyFile? laboratoryKey = null)
    {
        _laboratoryKey = laboratoryKey;
        Options = new OptionOpener(OpenerMode.Analysis, s_limits);
        Frames = laboratoryKey is null ? null : FrameOpener.FromKeyFile(laboratoryKey);
    }

    /// <summary>True if announcements can be used.</summary>
    internal bool HasLaboratoryKey => _laboratoryKey is not null;

    internal OptionOpener Options { get; }

    /// <summary>Opens udp-frames; null without their key.</summary>
    internal FrameOpener? Frames { get; }

    /// <summary>Takes a base secret without announcement: any source, any epoch, any time.</summary>
    public void AddBaseSecret(KeyFile file, Suite suite)
    {
        ArgumentNullException.ThrowIfNull(file);
        Options.AddUnannounced(new ContextId(++_unannounced), suite, file.Secret);
    }

    /// <summary>Takes announcements: a JSON array of them, or one.</summary>
    /// <returns>False, with a line that says why, if these are none, or if there is no laboratory key to make their
    /// base secrets from.</returns>
    public bool TryAddAnnouncements(ReadOnlyMemory<byte> json, [NotNullWhen(false)] out string? error)
    {
        if (_laboratoryKey is null)
        {
            error = "Announcements need the laboratory's key file: it gives the secrets that they do not hold.";
            return false;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            error = null;
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return TryAdd(document.RootElement, out error);
            foreach (JsonElement element in document.RootElement.EnumerateArray())
                if (!TryAdd(element, out error))
                    return false;
            return true;
        }
        catch (JsonException malformed)
        {
            error = $"These are no announcements: {malformed.Message}";
            return false;
        }
    }

    /// <summary>True if an announcement names this address as a sender's.</summary>
    internal bool IsAnnounced(Ipv6Address source) => _announced.Contains(source);

    /// <summary>The index of the epoch that an option was opened in, rising over the life of its context.</summary>
    internal long EpochIndexOf(in OpenedOption opened) => EpochIndexOf(opened.Context, opened.Epoch, opened.EpochIndex);

    /// <param name="context">The context that opened something.</param>
    /// <param name="epoch">The epoch as on the wire.</param>
    /// <param name="index">What the opener says of it.</param>
    internal long EpochIndexOf(ContextId context, ushort epoch, long index) =>
        context.Value <= _unannounced ? _epochs.IndexOf(context, epoch) : index;

    /// <summary>Zeroes every secret.</summary>
    public void Dispose()
    {
        Options.Dispose();
        Frames?.Dispose();
        _laboratoryKey?.Dispose();
    }

    private bool TryAdd(JsonElement element, [NotNullWhen(false)] out string? error)
    {
        if (!Announcement.TryParse(JsonSerializer.SerializeToUtf8Bytes(element), out Announcement? announcement, out error))
            return false;
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        KeyDerivation.BaseSecretFromKeyFile(_laboratoryKey!.Secret, announcement.IncarnationId, baseSecret);
        Options.Add(announcement, baseSecret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(baseSecret);
        _announced.UnionWith(announcement.Addresses);
        return true;
    }
}
