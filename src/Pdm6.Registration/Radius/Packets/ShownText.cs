using System.Text;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>Text of somebody else, made fit for a line of a log or of a terminal.</summary>
internal static class ShownText
{
    /// <summary>Characters kept of one or several texts.</summary>
    public const int LongestText = 400;

    /// <summary>Adds a text in UTF-8; a space parts it from the one before. What cannot be shown becomes U+FFFD.</summary>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        if (text.Length > 0 && !octets.IsEmpty)
            text.Append(' ');
        while (!octets.IsEmpty && text.Length < LongestText)
        {
            Rune.DecodeFromUtf8(octets, out Rune rune, out int size);
            octets = octets[size..];
            text.Append((IsShown(rune) ? rune : Rune.ReplacementChar).ToString());
        }
    }

    // Format characters could turn the direction of what follows.
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.Surrogate or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.OtherNotAssigned);
}
