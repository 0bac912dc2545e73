using System.CommandLine;
using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Wire;

namespace Pdm6.Cli.Analysis;

/// <summary>The options that say how the measured network marks its measurements.</summary>
internal sealed class MarkOptions
{
    private readonly Option<string?> _optionType = new("--option-type") { Description = "IPv6 option type of PDMv2 (0x1e unless told)." };
    private readonly Option<string?> _exId = new("--exid") { Description = "ExID of the UDP option (0x504d unless told)." };
    private readonly Option<ushort> _framePort = new("--frame-port")
    {
        Description = "UDP port of udp-frames.",
        DefaultValueFactory = _ => WireSettings.DefaultFramePort,
    };

    internal void AddTo(Command verb)
    {
        verb.Add(_optionType);
        verb.Add(_exId);
        verb.Add(_framePort);
    }

    internal WireSettings Read(ParseResult parsed) => new()
    {
        OptionType = (byte)Number(parsed.GetValue(_optionType), Pdmv2OptionView.DefaultOptionType, byte.MaxValue, "--option-type"),
        ExId = (ushort)Number(parsed.GetValue(_exId), UdpOption.DefaultExId, ushort.MaxValue, "--exid"),
        FramePort = parsed.GetValue(_framePort),
    };

    /// <summary>A number in decimal, or in hexadecimal behind 0x.</summary>
    private static int Number(string? text, int otherwise, int most, string option)
    {
        if (text is null)
            return otherwise;
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isNumber && value >= 0 && value <= most ? value : throw new WrongUseException($"{option} is a number up to {most}.");
    }
}
