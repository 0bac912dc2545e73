using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Pdm6.Codec.Lines;
using Pdm6.Codec.Objects;
using Pdm6.Security;
using Pdm6.Security.Frames;
using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>
/// Objects to octets: one JSON object a line in, its octets in hexadecimal digits out, or <c>{"error":"..."}</c>
/// (<c>docs/codec.md</c>). The caller names numbers and nonces: this makes test packets and never protects traffic.
/// </summary>
/// <param name="keys">The secrets; the caller disposes them.</param>
public sealed class LineEncoder(CodecKeys keys) : ILineCodec
{
    private readonly LineObject _object = new();
    private readonly ArrayBufferWriter<byte> _octets = new();

    /// <inheritdoc/>
    public bool Answer(ReadOnlySpan<byte> line, IBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _octets.ResetWrittenCount();
        if (_object.TryRead(line) && TryEncode())
        {
            Hex.Write(_octets.WrittenSpan, answer);
            return true;
        }
        return AnswerError(_object.Error!, answer);
    }

    /// <inheritdoc/>
    public bool AnswerTooLong(IBufferWriter<byte> answer) =>
        AnswerError($"the line: give at most {LineLoop.LongestLine} octets", answer);

    private static bool AnswerError(string error, IBufferWriter<byte> answer)
    {
        using Utf8JsonWriter json = new(answer);
        json.WriteStartObject();
        json.WriteString("error"u8, error);
        json.WriteEndObject();
        return false;
    }

    private bool TryEncode()
    {
        CodecCarriage carriage = _object.TakeCarriage();
        if (_object.Error is not null)
            return false;
        return carriage switch
        {
            CodecCarriage.DestoptV1 => TryEncodeV1(),
            CodecCarriage.DestoptV2Clear => TryEncodeV2Clear(),
            CodecCarriage.DestoptV2 => TryEncodeV2(),
            CodecCarriage.UdpOptionClear => TryEncodeUdpOptionClear(),
            CodecCarriage.UdpOption => TryEncodeUdpOption(),
            CodecCarriage.UdpFrame => TryEncodeUdpFrame(),
            _ => _object.Fail("carriage: give another, destopt-v2-legacy is read only"),
        };
    }

    private bool TryEncodeV1()
    {
        ushort psntp = (ushort)_object.Take(Member.Psntp, ushort.MaxValue);
        ushort psnlr = (ushort)_object.Take(Member.Psnlr, ushort.MaxValue);
        (PdmTime received, PdmTime sent) = TakeDeltas();
        if (_object.Error is not null)
            return false;
        new Pdmv1Option(psntp, psnlr, received, sent).Write(Room(Pdmv1Option.Size));
        return true;
    }

    private bool TryEncodeV2Clear()
    {
        byte optionType = TakeOptionType();
        uint psntp = (uint)_object.Take(Member.Psntp, uint.MaxValue);
        PdmMetrics metrics = TakeMetrics();
        if (_object.Error is not null)
            return false;
        Span<byte> option = Room(Pdmv2OptionView.ClearSize);
        Pdmv2OptionView.WriteHeader(option, optionType, isProtected: false, epoch: 0, psntp);
        metrics.Write(option[Pdmv2OptionView.AssociatedDataSize..]);
        return true;
    }

    private bool TryEncodeV2()
    {
        byte optionType = TakeOptionType();
        if (!TryTakeSealed(out SealedNumbers numbers) || _object.Error is not null)
            return false;
        numbers.Sealer.SealDestinationOption(
            numbers.Flow, optionType, numbers.Psntp, numbers.Metrics, Room(Pdmv2OptionView.ProtectedSize));
        return true;
    }

    private bool TryEncodeUdpOptionClear()
    {
        (bool isOdd, ushort exId) = TakePlace();
        uint psntp = (uint)_object.Take(Member.Psntp, uint.MaxValue);
        PdmMetrics metrics = TakeMetrics();
        if (_object.Error is not null)
            return false;
        UdpOption.WriteClear(Room(UdpOption.ClearSurplusSize + (isOdd ? 1 : 0)), isOdd, psntp, metrics, exId);
        return true;
    }

    private bool TryEncodeUdpOption()
    {
        (bool isOdd, ushort exId) = TakePlace();
        if (!TryTakeSealed(out SealedNumbers numbers) || _object.Error is not null)
            return false;
        if (numbers.Flow.Protocol != NextHeader.Udp)
            return _object.Fail("flow: give protocol 17, a udp-option rides behind UDP");
        numbers.Sealer.SealUdpOption(
            numbers.Flow, isOdd, exId, numbers.Psntp, numbers.Metrics,
            Room(UdpOption.ProtectedSurplusSize + (isOdd ? 1 : 0)));
        return true;
    }

    private bool TryEncodeUdpFrame()
    {
        UdpFrameFlags flags = (UdpFrameFlags)_object.Take(Member.Flags, most: 7);
        bool isEncrypted = (flags & UdpFrameFlags.Encrypted) != 0;
        bool namesKey = (flags & UdpFrameFlags.KeyId) != 0;
        ushort keyId = (ushort)_object.TakeOr(Member.KeyId, otherwise: 0, ushort.MaxValue);
        if (keyId != 0 && !namesKey)
            _object.Fail("keyId: leave it out or set flag bit 2, without which a frame names no key");
        UdpFrameHeader header = new(
            flags, keyId, (uint)_object.Take(Member.Sequence, uint.MaxValue),
            _object.Take(Member.TimestampMicroseconds, ulong.MaxValue));
        Suite suite = _object.TakeSuiteOr(Suite.Aes256Gcm);
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        if (!_object.Has(Member.Nonce))
            RandomNumberGenerator.Fill(nonce);
        else if (isEncrypted)
            _object.TakeNonce().CopyTo(nonce);
        else
            _object.Fail("nonce: leave it out or set flag bit 0, a clear frame has none");
        ReadOnlySpan<byte> tlvs = _object.TakeTlvs();
        if (_object.Error is not null)
            return false;
        return isEncrypted ? TrySealFrame(header, suite, nonce, tlvs) : WriteClearFrame(header, tlvs);
    }

    private bool WriteClearFrame(in UdpFrameHeader header, ReadOnlySpan<byte> tlvs)
    {
        Span<byte> frame = Room(UdpFrame.HeaderSize + tlvs.Length);
        header.Write(frame);
        tlvs.CopyTo(frame[UdpFrame.HeaderSize..]);
        return true;
    }

    private bool TrySealFrame(in UdpFrameHeader header, Suite suite, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tlvs)
    {
        UnsafeExplicitNonceFrames? sealer = keys.Sealer(header, suite);
        if (sealer is null)
            return _object.Fail(header.KeyId >= EpochTimetable.EpochCount
                ? "keyId: give a whole number from 0 to 4095, the pair secret has no other epochs"
                : "flags: give --key-file, or --pair-secret-file and flag bit 2, an encrypted frame needs a key");
        sealer.Seal(header, nonce, tlvs, Room(UdpFrame.SealedOverhead + tlvs.Length));
        return true;
    }

    /// <summary>What both protected options have.</summary>
    private readonly record struct SealedNumbers(
        uint Psntp, PdmMetrics Metrics, FlowKey Flow, UnsafeExplicitNumberOptions Sealer);

    private bool TryTakeSealed(out SealedNumbers numbers)
    {
        ushort epoch = (ushort)_object.Take(Member.Epoch, EpochTimetable.EpochCount - 1);
        uint psntp = (uint)_object.Take(Member.Psntp, uint.MaxValue);
        PdmMetrics metrics = TakeMetrics();
        FlowKey flow = _object.TakeFlow();
        Suite suite = _object.TakeSuiteOr(Suite.Aes256Gcm);
        numbers = default;
        if (_object.Error is not null)
            return false;
        if (keys.OptionsSealer(suite, epoch) is not { } sealer)
            return _object.Fail("carriage: give --pair-secret-file, a sealed option needs a pair secret");
        numbers = new SealedNumbers(psntp, metrics, flow, sealer);
        return true;
    }

    private byte TakeOptionType()
    {
        byte type = (byte)_object.TakeOr(Member.OptionType, Pdmv2OptionView.DefaultOptionType, byte.MaxValue);
        if (type == Pdmv1Option.OptionType)
            _object.Fail("optionType: give another than 15, which is PDMv1");
        return type;
    }

    private (bool IsOdd, ushort ExId) TakePlace()
    {
        ushort udpLength = (ushort)_object.Take(Member.UdpLength, ushort.MaxValue, least: 8);
        ushort exId = (ushort)_object.TakeOr(Member.ExId, UdpOption.DefaultExId, ushort.MaxValue);
        return (UdpSurplus.IsOddOffset(udpLength), exId);
    }

    private PdmMetrics TakeMetrics()
    {
        uint psnlr = (uint)_object.Take(Member.Psnlr, uint.MaxValue);
        uint globalPointer = (uint)_object.Take(Member.GlobalPointer, uint.MaxValue);
        (PdmTime received, PdmTime sent) = TakeDeltas();
        return new PdmMetrics(psnlr, globalPointer, received, sent);
    }

    private (PdmTime Received, PdmTime Sent) TakeDeltas()
    {
        byte scaleReceived = (byte)_object.Take(Member.ScaleDtlr, byte.MaxValue);
        byte scaleSent = (byte)_object.Take(Member.ScaleDtls, byte.MaxValue);
        return (
            new PdmTime((ushort)_object.Take(Member.DeltaTlr, ushort.MaxValue), scaleReceived),
            new PdmTime((ushort)_object.Take(Member.DeltaTls, ushort.MaxValue), scaleSent));
    }

    private Span<byte> Room(int size)
    {
        Span<byte> room = _octets.GetSpan(size)[..size];
        _octets.Advance(size);
        return room;
    }
}
