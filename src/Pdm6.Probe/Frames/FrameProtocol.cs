using System.Buffers.Binary;
using System.Security.Cryptography;
using Pdm6.Probe.Sessions;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>
/// Requests and replies as udp-frames (protocol reference, section 4). One instance, with a sealer of its own, for each
/// target: so the reflector's counts are those of one target.
/// </summary>
internal sealed class FrameProtocol : IProbeProtocol
{
    private const ulong NsPerMicrosecond = 1_000;

    private readonly AskingKeys _keys;
    // A reply without a report is bound to its request by its number alone; nobody can have recorded one for a number
    // that is drawn today.
    private readonly uint _firstSequence = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(sizeof(uint)));
    private readonly byte[] _requestTlvs;
    private readonly byte[] _replyTlvs = new byte[FrameSizes.Largest];
    private readonly byte[] _firstNonce = new byte[UdpFrame.NonceSize];

    /// <param name="keys">Of this run; disposed with this.</param>
    /// <param name="size">Octets of a request.</param>
    internal FrameProtocol(AskingKeys keys, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, FrameSizes.SmallestRequest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, FrameSizes.Largest);
        (_keys, RequestSize) = (keys, size);
        _requestTlvs = new byte[size - UdpFrame.SealedOverhead];
    }

    public int RequestSize { get; }

    public bool CanClose => true;

    public void WriteRequest(in RequestFacts request, Span<byte> packet)
    {
        if (request.NowUnixNs >= _keys.EndsAtUnixNs)
            throw new ProbeException("The keys of this run have ended, as all do after a day: start it again.");
        WriteTlvs(request);
        UdpFrameHeader header = new(
            UdpFrameFlags.Request, 0, _firstSequence + request.Index, request.NowUnixNs / NsPerMicrosecond);
        if (!_keys.Sealer.TrySeal(header, _requestTlvs, packet, out _))
            throw new ProbeException("This prober has used up the numbers of its key: start it again.");
        if (request.Index == 0)
            packet.Slice(UdpFrame.HeaderSize, UdpFrame.NonceSize).CopyTo(_firstNonce);
    }

    public bool TryReadReply(ReadOnlySpan<byte> packet, out ReplyFacts reply)
    {
        reply = default;
        if (packet.Length > FrameSizes.Largest
            || _keys.Opener.TryOpen(packet, _replyTlvs, out UdpFrameHeader header, out int size) != FrameOpenResult.Opened
            || (header.Flags & UdpFrameFlags.Request) != 0)
            return false;
        reply.Index = header.Sequence - _firstSequence;
        TlvReader tlvs = new(_replyTlvs.AsSpan(0, size));
        while (tlvs.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            switch ((TlvType)type)
            {
                case TlvType.ReceiveTime:
                    reply.RequestReceivedAtUnixNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.SendTime:
                    reply.ReplySentAtUnixNs = Tlv.ReadNumber(value);
                    break;
                case TlvType.HopCount:
                    reply.HopsThere = value[0];
                    break;
                case TlvType.Custom when ReplyReport.TryRead(value, out ReplyReport report):
                    if (!AnswersRequest(report.RequestNonce, reply.Index))
                        return false;
                    (reply.Counts, reply.ReplyNumber, reply.ClockErrorNs) = (report.Counts, report.ReplyNumber, report.ClockErrorNs);
                    break;
            }
        }
        return true;
    }

    public void Dispose() => _keys.Dispose();

    private void WriteTlvs(in RequestFacts request)
    {
        TlvWriter tlvs = new(_requestTlvs);
        if (request.IsClosing)
            tlvs.TryWrite(TlvType.Custom, ClosingMark.Value);
        if (_keys.Run != 0)
        {
            Span<byte> run = stackalloc byte[RunMark.Size];
            RunMark.Write(_keys.Run, run);
            tlvs.TryWrite(TlvType.Custom, run);
        }
        if (request.LastRoundTripNs is { } roundTrip)
            tlvs.TryWriteU64(TlvType.RoundTrip, (ulong)roundTrip);
        Span<byte> rest = _requestTlvs.AsSpan(tlvs.WrittenSize);
        rest.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)TlvType.Padding);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)(rest.Length - Tlv.HeaderSize));
    }

    /// <summary>The nonces of a sealer are numbers that follow each other, and each request takes one.</summary>
    private bool AnswersRequest(ReadOnlySpan<byte> nonce, uint index)
    {
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(_firstNonce.AsSpan(4));
        return nonce[..4].SequenceEqual(_firstNonce.AsSpan(0, 4))
            && BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]) == unchecked(first + index);
    }
}
