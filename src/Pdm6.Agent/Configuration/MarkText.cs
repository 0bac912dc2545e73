using System.Globalization;
using Pdm6.Datapath;

namespace Pdm6.Agent.Configuration;

/// <summary>Marks as people write them: "0x10", "16", "0x10/0xff".</summary>
internal static class MarkText
{
    /// <summary>Reads a mark with its mask; without one, all bits count.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out PacketMark mark)
    {
        int slash = text.IndexOf('/');
        uint mask = uint.MaxValue;
        mark = default;
        if (!TryParseNumber(slash < 0 ? text : text[..slash], out uint value) || slash >= 0 && !TryParseNumber(text[(slash + 1)..], out mask))
            return false;
        mark = new PacketMark(value, mask);
        return mask != 0 && (value & ~mask) == 0;
    }

    /// <summary>Reads a number, decimal or with 0x.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out uint number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
