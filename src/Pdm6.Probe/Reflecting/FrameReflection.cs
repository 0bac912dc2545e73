using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>
/// The reflector of udp-frames. Answers only what authenticates, once, and is fresh; a reply is never longer than its
/// request. Frames without the request flag are recorded.
/// </summary>
internal sealed class FrameReflection : IReflection
{
    private const ulong NsPerMicrosecond = 1_000;

    private readonly IFrameKeys _keys;
    private readonly IDisposable? _owned;
    private readonly AnnouncedFrames? _announced;
    private readonly ReflectorCounters _counters;
    private readonly ReflectorLog? _log;
    private readonly ulong _startedAtUnixNs;
    private readonly ulong _toleranceNs;
    private readonly SourceLimiter _limiter;
    private readonly IdleTable<(ulong Keys, ulong Sender, ulong Run), ProberState> _probers;
    private readonly byte[] _requestTlvs = new byte[FrameSizes.Largest];
    private readonly byte[] _replyTlvs = new byte[FrameSizes.Largest];

    /// <param name="keys">Who may ask.</param>
    /// <param name="owned">Disposed with this; null for nothing.</param>
    /// <param name="limits">What it does at most.</param>
    /// <param name="counters">Where outcomes are counted.</param>
    /// <param name="log">Where opened frames are recorded; null for nowhere.</param>
    /// <param name="announced">Opens frames of announced contexts; null if none are known. Disposed with this.</param>
    /// <param name="startedAtUnixNs">Frames sent before that may have been received by a reflector before this one.</param>
    internal FrameReflection(
        IFrameKeys keys, IDisposable? owned, ReflectorLimits limits, ReflectorCounters counters, ReflectorLog? log,
        ulong startedAtUnixNs, AnnouncedFrames? announced = null)
    {
        (_keys, _owned, _announced, _counters, _log, _startedAtUnixNs) = (keys, owned, announced, counters, log, startedAtUnixNs);
        _toleranceNs = (ulong)limits.ClockTolerance.TotalNanoseconds;
        _limiter = new SourceLimiter(limits.RepliesPerSecond, limits.Sources);
        // A prober whose last frame came so long ago has no frame left that would still be fresh.
        _probers = new IdleTable<(ulong, ulong, ulong), ProberState>(limits.Probers, 2 * (long)_toleranceNs);
    }

    public int LargestRequest => FrameSizes.Largest;

    public int Reflect(in ReceivedDatagram request, in ReflectorTime now, Span<byte> reply)
    {
        ReflectorOutcome outcome = Open(request, now, out OpenedFrame frame, out ProberState? prober, out FrameSealer? sealer);
        int size = outcome == ReflectorOutcome.Answered ? WriteReply(request, frame, prober!, sealer!, now, reply) : 0;
        _counters.Count(outcome);
        if (outcome is ReflectorOutcome.Answered or ReflectorOutcome.OneWay or ReflectorOutcome.Limited)
            _log?.Add(request, frame, outcome);
        return size;
    }

    public void Dispose()
    {
        _owned?.Dispose();
        _announced?.Dispose();
    }

    private ReflectorOutcome Open(
        in ReceivedDatagram request, in ReflectorTime now, out OpenedFrame frame, out ProberState? prober, out FrameSealer? sealer)
    {
        frame = default;
        prober = null;
        sealer = null;
        if (request.IsTruncated)
            return ReflectorOutcome.Oversized;
        FrameOpenResult opened = TryOpen(request, now, out AnsweringKeys? keys, out UdpFrameHeader header, out int size, out FrameNumber number);
        if (opened is FrameOpenResult.NoKey or FrameOpenResult.AuthenticationFailed && _announced is not null)
            return OpenAnnounced(_announced, request, now, out frame);
        if (opened != FrameOpenResult.Opened)
            return OutcomeOf(opened);
        sealer = keys!.Sealer;
        frame = OpenedFrame.Read(header, number, _requestTlvs.AsSpan(0, size), keepsOthers: _log is not null);
        if (frame.IsReply)
            return ReflectorOutcome.IsReply;
        if (!IsFresh(header.TimestampMicroseconds, now.UnixNs))
            return ReflectorOutcome.Stale;
        prober = _probers.Find((keys.Id, number.Sender, frame.Run), now.MonotonicNs);
        if (prober is null)
            return ReflectorOutcome.NoRoom;
        if (!prober.Window.TryAccept(number.Number))
        {
            if (frame is { IsRequest: true, IsClosing: false })
                prober.OnCopy();
            return ReflectorOutcome.Replayed;
        }
        return frame.IsRequest ? Admit(request, frame, prober, now) : ReflectorOutcome.OneWay;
    }

    private ReflectorOutcome OpenAnnounced(
        AnnouncedFrames announced, in ReceivedDatagram datagram, in ReflectorTime now, out OpenedFrame frame)
    {
        frame = default;
        FrameOpenResult result = announced.TryOpen(datagram, now.UnixNs, _requestTlvs, out Security.OpenedFrame opened);
        if (result != FrameOpenResult.Opened)
            return OutcomeOf(result);
        frame = OpenedFrame.Read(opened.Header, opened.Number, _requestTlvs.AsSpan(0, opened.TlvsSize), keepsOthers: _log is not null);
        if (frame.IsRequest)
            return ReflectorOutcome.NoKey; // to answer with
        if (!IsFresh(opened.Header.TimestampMicroseconds, now.UnixNs))
            return ReflectorOutcome.Stale;
        return announced.TryAccept(datagram, opened, now.MonotonicNs) switch
        {
            null => ReflectorOutcome.NoRoom,
            false => ReflectorOutcome.Replayed,
            true => ReflectorOutcome.OneWay,
        };
    }

    /// <summary>Tries the keys of everybody who may have sent it.</summary>
    private FrameOpenResult TryOpen(
        in ReceivedDatagram request, in ReflectorTime now, out AnsweringKeys? keys, out UdpFrameHeader header, out int size,
        out FrameNumber number)
    {
        (keys, header, size, number) = (null, default, 0, default);
        FrameOpenResult result = FrameOpenResult.NoKey;
        IReadOnlyList<AnsweringKeys> candidates = _keys.ForSender(request.Source.Address, request.Destination);
        for (int i = 0; i < candidates.Count && result is FrameOpenResult.NoKey or FrameOpenResult.AuthenticationFailed; i++)
        {
            keys = candidates[i];
            if (now.UnixNs >= keys.EndsAtUnixNs)
                continue;
            result = keys.Opener.TryOpen(request.Payload, _requestTlvs, out header, out size, out number);
        }
        return result;
    }

    private ReflectorOutcome Admit(
        in ReceivedDatagram request, in OpenedFrame frame, ProberState prober, in ReflectorTime now)
    {
        if (!frame.IsClosing)
        {
            long transitNs = (long)(ReceivedAt(request, now) - frame.Header.TimestampMicroseconds * NsPerMicrosecond);
            prober.OnRequest(frame.Header.Sequence, transitNs);
        }
        if (_limiter.TryTake(request.Source.Address, now.MonotonicNs))
            return ReflectorOutcome.Answered;
        if (!frame.IsClosing)
            prober.OnLimited();
        return ReflectorOutcome.Limited;
    }

    /// <summary>The TLVs in the order of their worth, as far as the request leaves room.</summary>
    private int WriteReply(
        in ReceivedDatagram request, in OpenedFrame frame, ProberState prober, FrameSealer sealer, in ReflectorTime now,
        Span<byte> reply)
    {
        Span<byte> report = stackalloc byte[ReplyReport.Size];
        new ReplyReport
        {
            RequestNonce = request.Payload.Slice(UdpFrame.HeaderSize, UdpFrame.NonceSize),
            Counts = prober.Counts,
            ReplyNumber = prober.OnReply(),
            ClockErrorNs = now.ErrorNs,
        }.Write(report);
        TlvWriter tlvs = new(_replyTlvs.AsSpan(0, request.Payload.Length - UdpFrame.SealedOverhead));
        tlvs.TryWriteU64(TlvType.ReceiveTime, ReceivedAt(request, now));
        tlvs.TryWriteU64(TlvType.SendTime, now.SendUnixNs);
        tlvs.TryWrite(TlvType.Custom, report);
        tlvs.TryWriteU8(TlvType.HopCount, (byte)Measurement.HopCount.Infer(request.HopLimit));
        tlvs.TryWriteU64(TlvType.Jitter, prober.JitterNs);
        tlvs.TryWriteU32(TlvType.LossRate, prober.LossPartsPerMillion);
        // Both ways are measured with packets of one size.
        int padding = request.Payload.Length - UdpFrame.SealedOverhead - tlvs.WrittenSize - Tlv.HeaderSize;
        if (padding >= 0)
            tlvs.TryWrite(TlvType.Padding, s_zeros.AsSpan(0, padding));
        UdpFrameHeader header = new(UdpFrameFlags.None, 0, frame.Header.Sequence, now.UnixNs / NsPerMicrosecond);
        return sealer.TrySeal(header, _replyTlvs.AsSpan(0, tlvs.WrittenSize), reply, out int size)
            ? size
            : throw new ProbeException("This reflector has used up the numbers of its key: start it again.");
    }

    private static readonly byte[] s_zeros = new byte[FrameSizes.Largest];

    private bool IsFresh(ulong timestampMicroseconds, ulong nowUnixNs)
    {
        if (timestampMicroseconds > ulong.MaxValue / NsPerMicrosecond)
            return false;
        ulong sentAt = timestampMicroseconds * NsPerMicrosecond;
        ulong earliest = Math.Max(_startedAtUnixNs, nowUnixNs - Math.Min(nowUnixNs, _toleranceNs));
        return sentAt >= earliest && sentAt <= nowUnixNs + _toleranceNs;
    }

    private static ulong ReceivedAt(in ReceivedDatagram request, in ReflectorTime now) =>
        request.StampedAtUnixNs > 0 ? request.StampedAtUnixNs : now.UnixNs;

    private static ReflectorOutcome OutcomeOf(FrameOpenResult result) => result switch
    {
        FrameOpenResult.AuthenticationFailed => ReflectorOutcome.AuthenticationFailed,
        FrameOpenResult.NoKey => ReflectorOutcome.NoKey,
        FrameOpenResult.Clear => ReflectorOutcome.Clear,
        FrameOpenResult.UnknownVersion => ReflectorOutcome.UnknownVersion,
        _ => ReflectorOutcome.Malformed,
    };
}
