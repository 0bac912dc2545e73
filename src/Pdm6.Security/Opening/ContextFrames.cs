using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>
/// Opens udp-frames whose key follows from a context (protocol reference, section 6: the key id is the epoch): finds the
/// contexts of the source that cover the epoch and the time, and keeps the keys of the pairs. Not for several threads.
/// </summary>
/// <param name="contexts">What is known of contexts.</param>
internal sealed class ContextFrames(ContextDirectory contexts) : IDisposable
{
    /// <summary>Keys kept; whoever needs more has them derived again.</summary>
    private const int MostKeys = 4096;
    private const ushort HighestEpoch = (ushort)(EpochTimetable.EpochCount - 1);

    private readonly Dictionary<SessionId, FrameOpener> _keys = [];

    /// <summary>Opens a frame. <see cref="FrameOpenResult.NoKey"/> if it names no key, or none of a context that covers
    /// it.</summary>
    public FrameOpenResult TryOpen(
        in FlowKey flow, ReadOnlySpan<byte> payload, Span<byte> tlvs, ulong observedAtUnixNs, out OpenedFrame opened)
    {
        opened = default;
        switch (UdpFrameView.TryRead(payload, out UdpFrameView frame))
        {
            case UdpFrameReadStatus.UnknownVersion: return FrameOpenResult.UnknownVersion;
            case UdpFrameReadStatus.Malformed: return FrameOpenResult.Malformed;
        }
        if (!frame.IsEncrypted)
            return FrameOpenResult.Clear;
        ushort epoch = frame.Header.KeyId;
        if ((frame.Header.Flags & UdpFrameFlags.KeyId) == 0 || epoch > HighestEpoch
            || !contexts.TryFind(flow.Source, out OpenerContext[]? newestFirst))
            return FrameOpenResult.NoKey;
        FrameOpenResult result = FrameOpenResult.NoKey;
        foreach (OpenerContext context in newestFirst)
        {
            if (!context.CoversTime(epoch, observedAtUnixNs, out long epochIndex))
                continue;
            result = KeyOf(context, flow, epoch).TryOpen(payload, tlvs, out UdpFrameHeader header, out int size, out FrameNumber number);
            if (result == FrameOpenResult.AuthenticationFailed)
                continue;
            if (context != newestFirst[0])
                contexts.Prefer(flow.Source, context);
            if (result == FrameOpenResult.Opened)
                opened = new OpenedFrame(context.ContextId, epochIndex, header, size, number, context.IncarnationId);
            return result;
        }
        return result;
    }

    /// <summary>Zeroes the keys of a context.</summary>
    public void Forget(uint context)
    {
        foreach (SessionId session in _keys.Keys.Where(session => session.Context == context).ToArray())
        {
            _keys.Remove(session, out FrameOpener? key);
            key!.Dispose();
        }
    }

    /// <summary>Zeroes every key.</summary>
    public void Dispose()
    {
        foreach (FrameOpener key in _keys.Values)
            key.Dispose();
        _keys.Clear();
    }

    private FrameOpener KeyOf(OpenerContext context, in FlowKey flow, ushort epoch)
    {
        SessionId session = new(context.Ordinal, epoch, flow.Source, flow.Destination);
        if (_keys.TryGetValue(session, out FrameOpener? key))
            return key;
        if (_keys.Count == MostKeys)
            Dispose();
        Span<byte> pairSecret = stackalloc byte[KeyDerivation.SecretSize];
        try
        {
            KeyDerivation.PairSecret(context.BaseSecret, flow.Source, flow.Destination, pairSecret);
            key = FrameOpener.FromPairSecret(pairSecret, context.Suite, epoch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pairSecret);
        }
        _keys.Add(session, key);
        return key;
    }
}
