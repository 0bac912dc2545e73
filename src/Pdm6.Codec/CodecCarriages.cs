using System.Text;

namespace Pdm6.Codec;

/// <summary>The names of carriages.</summary>
public static class CodecCarriages
{
    private static readonly string[] s_names =
    [
        "destopt-v1", "destopt-v2-clear", "destopt-v2", "destopt-v2-legacy", "udp-option-clear", "udp-option", "udp-frame",
    ];
    private static readonly byte[][] s_utf8 = [.. s_names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>All names, in the order of <see cref="CodecCarriage"/>.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>The name of a carriage.</summary>
    public static string NameOf(CodecCarriage carriage) => s_names[(int)carriage];

    /// <summary>The carriage of a name, UTF-8; false if there is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out CodecCarriage carriage)
    {
        for (int i = 0; i < s_utf8.Length; i++)
            if (name.SequenceEqual(s_utf8[i]))
            {
                carriage = (CodecCarriage)i;
                return true;
            }
        carriage = default;
        return false;
    }
}
