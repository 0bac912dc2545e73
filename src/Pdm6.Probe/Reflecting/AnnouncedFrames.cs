using System.Security.Cryptography;
using Pdm6.Probe.Native;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>
/// Frames of contexts that were announced: those that kernels put in the place of other payloads. Their key id is the
/// epoch, and each pair counts for itself. They want no answer.
/// </summary>
internal sealed class AnnouncedFrames : IDisposable
{
    private readonly OptionOpener _opener = new(OpenerMode.Analysis);
    private readonly IdleTable<(ContextId Context, long EpochIndex, Ipv6Address Source, Ipv6Address Destination), ProberState> _series;

    /// <param name="announcements">The contexts, whose base secrets follow from the key.</param>
    /// <param name="key">The laboratory's.</param>
    /// <param name="mostSeries">Pairs in an epoch at the same time.</param>
    /// <param name="idleNs">After so long without a frame a pair has none left that would still be fresh.</param>
    internal AnnouncedFrames(IReadOnlyList<Announcement> announcements, KeyFile key, int mostSeries, long idleNs)
    {
        _series = new(mostSeries, idleNs);
        Span<byte> baseSecret = stackalloc byte[KeyDerivation.SecretSize];
        foreach (Announcement announcement in announcements)
        {
            KeyDerivation.BaseSecretFromKeyFile(key.Secret, announcement.IncarnationId, baseSecret);
            _opener.Add(announcement, baseSecret);
        }
        CryptographicOperations.ZeroMemory(baseSecret);
    }

    /// <summary>Opens a frame.</summary>
    internal FrameOpenResult TryOpen(in ReceivedDatagram datagram, ulong nowUnixNs, Span<byte> tlvs, out Security.OpenedFrame opened) =>
        _opener.TryOpenFrame(
            new FlowKey(datagram.Source.Address, datagram.Destination, NextHeader.Udp, datagram.Source.Port, 0),
            datagram.Payload, tlvs, nowUnixNs, out opened);

    /// <summary>Takes each frame once. Null: there is no room to remember it.</summary>
    internal bool? TryAccept(in ReceivedDatagram datagram, in Security.OpenedFrame opened, long nowNs) =>
        _series.Find((opened.Context, opened.EpochIndex, datagram.Source.Address, datagram.Destination), nowNs)?.Window.TryAccept(opened.Number.Number);

    public void Dispose() => _opener.Dispose();
}
