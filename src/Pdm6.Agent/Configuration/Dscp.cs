using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Pdm6.Agent.Configuration;

/// <summary>Differentiated services code points and their names (RFC 2474, 2597, 3246, 8622).</summary>
internal static class Dscp
{
    private static readonly FrozenDictionary<string, byte> s_names = Names().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number or a name.</summary>
    internal static bool TryRead(JsonElement element, out byte dscp)
    {
        if (element.ValueKind == JsonValueKind.Number)
            return element.TryGetByte(out dscp) && dscp < 64;
        dscp = 0;
        return element.ValueKind == JsonValueKind.String && TryParse(element.GetString()!, out dscp);
    }

    /// <summary>Reads a number or a name.</summary>
    internal static bool TryParse(string text, out byte dscp) =>
        s_names.TryGetValue(text, out dscp) || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out dscp) && dscp < 64;

    private static IEnumerable<KeyValuePair<string, byte>> Names()
    {
        yield return new("ef", 46);
        yield return new("le", 1);
        for (byte selector = 0; selector < 8; selector++)
            yield return new($"cs{selector}", (byte)(selector << 3));
        for (int forwarding = 1; forwarding <= 4; forwarding++)
            for (int drop = 1; drop <= 3; drop++)
                yield return new($"af{forwarding}{drop}", (byte)(forwarding << 3 | drop << 1));
    }
}
