using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Pdm6.Codec.Lines;
using Pdm6.Codec.Objects;

namespace Pdm6.Codec;

/// <summary>
/// Octets to objects: hexadecimal digits, or an object that holds them, a line in; one JSON object with a status out
/// (<c>docs/codec.md</c>). Nothing in a line throws or stops it. Not for several threads.
/// </summary>
public sealed class LineDecoder : ILineCodec, IDisposable
{
    private readonly DecodeDefaults _defaults;
    private readonly LineObject _object = new();
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly AnswerJson _answer = new();
    private readonly OptionDecoder _options;
    private readonly FrameDecoder _frames;

    /// <param name="keys">The secrets; the caller disposes them.</param>
    /// <param name="defaults">What holds for lines that do not say otherwise.</param>
    public LineDecoder(CodecKeys keys, DecodeDefaults defaults)
    {
        _defaults = defaults;
        _options = new OptionDecoder(keys, _answer);
        _frames = new FrameDecoder(keys, _answer);
    }

    /// <inheritdoc/>
    public bool Answer(ReadOnlySpan<byte> line, IBufferWriter<byte> answer)
    {
        _answer.Begin(answer);
        if (TryReadLine(line, out DecodeContext context, out ReadOnlySpan<byte> octets, out string? error))
            Decode(octets, context);
        else
            _answer.WriteRefused(DecodeStatus.Malformed, carriage: null, error);
        return true;
    }

    /// <inheritdoc/>
    public bool AnswerTooLong(IBufferWriter<byte> answer)
    {
        _answer.Begin(answer);
        _answer.WriteRefused(
            DecodeStatus.Malformed, carriage: null, $"the line: give at most {LineLoop.LongestLine} octets");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _answer.Dispose();

    private void Decode(ReadOnlySpan<byte> octets, in DecodeContext context)
    {
        switch (context.Carriage ?? CarriageGuess.Of(octets))
        {
            case CodecCarriage.DestoptV1:
                _options.DecodeV1(octets);
                break;
            case CodecCarriage.DestoptV2 or CodecCarriage.DestoptV2Clear:
                _options.DecodeV2(octets, context);
                break;
            case CodecCarriage.DestoptV2Legacy:
                _options.DecodeLegacy(octets);
                break;
            case CodecCarriage.UdpOption or CodecCarriage.UdpOptionClear:
                _options.DecodeUdpOption(octets, context);
                break;
            default:
                _frames.Decode(octets, context);
                break;
        }
    }

    private bool TryReadLine(
        ReadOnlySpan<byte> line, out DecodeContext context, out ReadOnlySpan<byte> octets,
        [NotNullWhen(false)] out string? error)
    {
        if (line.StartsWith("{"u8))
            return TryReadObject(line, out context, out octets, out error);
        context = new DecodeContext(_defaults.Carriage, _defaults.Flow, _defaults.Suite, UdpLength: null);
        _octets.ResetWrittenCount();
        error = line.IsEmpty || !Hex.TryRead(line, _octets)
            ? "the line: give pairs of hexadecimal digits, or an object with hex"
            : null;
        octets = _octets.WrittenSpan;
        return error is null;
    }

    private bool TryReadObject(
        ReadOnlySpan<byte> line, out DecodeContext context, out ReadOnlySpan<byte> octets,
        [NotNullWhen(false)] out string? error)
    {
        octets = default;
        context = default;
        if (_object.TryRead(line))
        {
            octets = _object.TakeHex();
            context = new DecodeContext(
                _object.Has(Member.Carriage) ? _object.TakeCarriage() : _defaults.Carriage,
                _object.Has(Member.Flow) ? _object.TakeFlow() : _defaults.Flow,
                _object.TakeSuiteOr(_defaults.Suite),
                _object.Has(Member.UdpLength) ? (ushort)_object.Take(Member.UdpLength, ushort.MaxValue, least: 8) : null);
        }
        error = _object.Error;
        return error is null;
    }
}
