using Pdm6.Codec.Objects;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>Answers for options: in a Destination Options header, or in the surplus area of a UDP datagram.</summary>
internal sealed class OptionDecoder(CodecKeys keys, AnswerJson answer)
{
    private const string WrongVersion = "the version is not 2, so nothing else may be interpreted";
    private const string WrongSize = "the option length and the number of octets differ";

    public void DecodeV1(ReadOnlySpan<byte> octets)
    {
        if (!HasItsSize(octets) || octets[0] != Pdmv1Option.OptionType || !Pdmv1Option.TryRead(octets, out Pdmv1Option option))
        {
            answer.WriteRefused(
                DecodeStatus.Malformed, CodecCarriage.DestoptV1, "a PDMv1 option has type 15, length 10 and 12 octets");
            return;
        }
        answer.WriteStatus(DecodeStatus.Ok, CodecCarriage.DestoptV1);
        answer.WriteNumber(Member.Psntp, option.Psntp);
        answer.WriteNumber(Member.Psnlr, option.Psnlr);
        answer.WriteDeltas(option.DeltaTimeLastReceived, option.DeltaTimeLastSent);
        answer.End();
    }

    public void DecodeLegacy(ReadOnlySpan<byte> octets)
    {
        Pdmv2ReadStatus status = LegacyPdmv2OptionView.TryRead(octets, out LegacyPdmv2OptionView option);
        if (!TryAccept(
                octets, status, CodecCarriage.DestoptV2Legacy, octets.Length > 0 && octets[0] == Pdmv1Option.OptionType,
                "a legacy option has type 15 and length 22, 34 or 38"))
            return;
        answer.WriteStatus(option.IsProtected ? DecodeStatus.NoKey : DecodeStatus.Ok, CodecCarriage.DestoptV2Legacy);
        answer.WriteNumber(Member.Epoch, option.Epoch);
        answer.WriteNumber(Member.Psntp, option.Psntp);
        if (option.IsProtected)
            answer.WriteTagLength(option.Tag.Length);
        else
            answer.WriteMetrics(PdmMetrics.Read(option.MetricBlock));
        answer.End();
    }

    public void DecodeV2(ReadOnlySpan<byte> octets, in DecodeContext context)
    {
        Pdmv2ReadStatus status = Pdmv2OptionView.TryRead(octets, out Pdmv2OptionView option);
        CodecCarriage carriage = octets.Length > 1 && octets[1] == Pdmv2OptionView.ClearLength
            ? CodecCarriage.DestoptV2Clear
            : CodecCarriage.DestoptV2;
        if (!TryAccept(
                octets, status, carriage, octets.Length > 0 && octets[0] != Pdmv1Option.OptionType,
                "a PDMv2 option has another type than 15, and length 22 or 38"))
            return;
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        DecodeStatus opened = option.IsProtected
            ? Open(
                context, Carriage.DestinationOptionV2, option.Epoch, option.Psntp,
                option.AssociatedData, option.MetricBlock, option.Tag, block)
            : Copy(option.MetricBlock, block);
        answer.WriteStatus(opened, carriage);
        answer.WriteNumberUnless(Member.OptionType, option.OptionType, Pdmv2OptionView.DefaultOptionType);
        WriteRest(context, option.IsProtected, option.Epoch, option.Psntp, opened, block);
    }

    public void DecodeUdpOption(ReadOnlySpan<byte> octets, in DecodeContext context)
    {
        if (context.Flow is { Protocol: not NextHeader.Udp })
        {
            answer.WriteRefused(
                DecodeStatus.Malformed, CodecCarriage.UdpOption, "flow: give protocol 17, a udp-option rides behind UDP");
            return;
        }
        bool isOdd = context.UdpLength is { } udpLength ? UdpSurplus.IsOddOffset(udpLength) : octets.Length % 2 != 0;
        ushort exId = UdpOption.DefaultExId;
        UdpOptionReadStatus status = UdpOptionView.TryRead(octets, isOdd, exId, out UdpOptionView option);
        if (status == UdpOptionReadStatus.None)
        {
            exId = CarriageGuess.ExIdOf(octets, isOdd);
            status = UdpOptionView.TryRead(octets, isOdd, exId, out option);
        }
        if (!TryAccept(status))
            return;
        Span<byte> block = stackalloc byte[PdmMetrics.Size];
        DecodeStatus opened = option.IsProtected
            ? Open(
                context, Carriage.UdpOption, option.Epoch, option.Psntp,
                option.AssociatedData, option.MetricBlock, option.Tag, block)
            : Copy(option.MetricBlock, block);
        answer.WriteStatus(opened, option.IsProtected ? CodecCarriage.UdpOption : CodecCarriage.UdpOptionClear);
        if (context.UdpLength is { } given)
            answer.WriteNumber(Member.UdpLength, given);
        answer.WriteNumberUnless(Member.ExId, exId, UdpOption.DefaultExId);
        WriteRest(context, option.IsProtected, option.Epoch, option.Psntp, opened, block);
    }

    private void WriteRest(
        in DecodeContext context, bool isProtected, ushort epoch, uint psntp, DecodeStatus opened, ReadOnlySpan<byte> block)
    {
        if (isProtected)
        {
            if (context.Flow is { } flow)
                answer.WriteFlow(flow);
            answer.WriteNumber(Member.Suite, (ulong)context.Suite);
        }
        answer.WriteNumber(Member.Epoch, epoch);
        answer.WriteNumber(Member.Psntp, psntp);
        if (opened == DecodeStatus.Ok)
            answer.WriteMetrics(PdmMetrics.Read(block));
        answer.End();
    }

    private DecodeStatus Open(
        in DecodeContext context, Carriage carriage, ushort epoch, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> block)
    {
        if (context.Flow is not { } flow || keys.OptionsOpener(context.Suite, epoch) is not { } opener)
            return DecodeStatus.NoKey;
        return opener.TryOpen(flow, carriage, psntp, associatedData, ciphertext, tag, block)
            ? DecodeStatus.Ok
            : DecodeStatus.AuthenticationFailed;
    }

    private static DecodeStatus Copy(ReadOnlySpan<byte> clear, Span<byte> block)
    {
        clear.CopyTo(block);
        return DecodeStatus.Ok;
    }

    /// <summary>False if the answer is written: the octets must not be interpreted.</summary>
    private bool TryAccept(
        ReadOnlySpan<byte> octets, Pdmv2ReadStatus status, CodecCarriage carriage, bool hasItsType, string whatItHas)
    {
        if (!HasItsSize(octets))
            answer.WriteRefused(DecodeStatus.Malformed, carriage, WrongSize);
        else if (status == Pdmv2ReadStatus.Malformed || !hasItsType)
            answer.WriteRefused(DecodeStatus.Malformed, carriage, whatItHas);
        else if (status == Pdmv2ReadStatus.UnknownVersion)
            answer.WriteRefused(DecodeStatus.UnknownVersion, carriage, WrongVersion);
        else
            return true;
        return false;
    }

    private bool TryAccept(UdpOptionReadStatus status)
    {
        if (status == UdpOptionReadStatus.UnknownVersion)
            answer.WriteRefused(DecodeStatus.UnknownVersion, CodecCarriage.UdpOption, WrongVersion);
        else if (status == UdpOptionReadStatus.None)
            answer.WriteRefused(DecodeStatus.Malformed, CodecCarriage.UdpOption, "the surplus area holds no PDM option");
        else if (status == UdpOptionReadStatus.Malformed)
            answer.WriteRefused(
                DecodeStatus.Malformed, CodecCarriage.UdpOption,
                "the pad, the option checksum or an option of the surplus area is wrong, or there are two PDM options");
        else
            return true;
        return false;
    }

    private static bool HasItsSize(ReadOnlySpan<byte> option) => option.Length >= 2 && option.Length == option[1] + 2;
}
