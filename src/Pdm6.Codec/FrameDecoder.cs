using System.Buffers;
using Pdm6.Codec.Objects;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>Answers for udp-frames.</summary>
internal sealed class FrameDecoder(CodecKeys keys, AnswerJson answer)
{
    private readonly ArrayBufferWriter<byte> _tlvs = new();

    public void Decode(ReadOnlySpan<byte> octets, in DecodeContext context)
    {
        UdpFrameReadStatus status = UdpFrameView.TryRead(octets, out UdpFrameView frame);
        if (status == UdpFrameReadStatus.UnknownVersion)
        {
            answer.WriteRefused(
                DecodeStatus.UnknownVersion, CodecCarriage.UdpFrame,
                "the version is not 2, so nothing else may be interpreted");
            return;
        }
        if (status == UdpFrameReadStatus.Malformed)
        {
            answer.WriteRefused(
                DecodeStatus.Malformed, CodecCarriage.UdpFrame,
                "the frame is too short, or its length or a TLV does not fit its octets");
            return;
        }
        FrameOpener? opener = keys.Opener(frame.Header, context.Suite);
        if (!frame.IsEncrypted)
        {
            bool isRefused = opener is not null;
            Write(isRefused ? DecodeStatus.AuthenticationFailed : DecodeStatus.Ok, frame, frame.ClearTlvs);
        }
        else if (opener is null)
        {
            Write(DecodeStatus.NoKey, frame, tlvs: default);
        }
        else
        {
            Open(opener, octets, frame);
        }
    }

    private void Open(FrameOpener opener, ReadOnlySpan<byte> octets, in UdpFrameView frame)
    {
        _tlvs.ResetWrittenCount();
        Span<byte> room = _tlvs.GetSpan(octets.Length);
        FrameOpenResult result = opener.TryOpen(octets, room, out _, out int size);
        if (result == FrameOpenResult.Malformed)
            answer.WriteRefused(
                DecodeStatus.Malformed, CodecCarriage.UdpFrame, "the frame is authentic, but its TLVs are not well-formed");
        else
            Write(result == FrameOpenResult.Opened ? DecodeStatus.Ok : DecodeStatus.AuthenticationFailed, frame, room[..size]);
    }

    private void Write(DecodeStatus status, in UdpFrameView frame, ReadOnlySpan<byte> tlvs)
    {
        UdpFrameHeader header = frame.Header;
        answer.WriteStatus(status, CodecCarriage.UdpFrame);
        answer.WriteNumber(Member.Version, UdpFrame.Version);
        answer.WriteNumber(Member.Flags, (ulong)header.Flags);
        answer.WriteNumber(Member.KeyId, header.KeyId);
        answer.WriteNumber(Member.Sequence, header.Sequence);
        answer.WriteNumber(Member.TimestampMicroseconds, header.TimestampMicroseconds);
        if (frame.IsEncrypted)
            answer.WriteNonce(frame.Nonce);
        if (status == DecodeStatus.Ok)
            answer.WriteTlvs(tlvs);
        answer.End();
    }
}
