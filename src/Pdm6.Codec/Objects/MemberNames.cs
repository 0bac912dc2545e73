using System.Text;
using System.Text.Json;

namespace Pdm6.Codec.Objects;

/// <summary>The members' names in JSON.</summary>
internal static class MemberNames
{
    private static readonly JsonEncodedText[] s_names =
        [.. Enum.GetNames<Member>().Select(name => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(name)))];

    public static JsonEncodedText Encoded(this Member member) => s_names[(int)member];

    public static string Text(this Member member) => s_names[(int)member].Value;

    /// <summary>The member whose name the reader stands at.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out Member member)
    {
        for (int i = 0; i < s_names.Length; i++)
            if (reader.ValueTextEquals(s_names[i].EncodedUtf8Bytes))
            {
                member = (Member)i;
                return true;
            }
        member = default;
        return false;
    }

    /// <summary>A name from outside, fit for a message.</summary>
    public static string ForMessage(in Utf8JsonReader reader)
    {
        const int longest = 40;
        ReadOnlySpan<byte> name = reader.ValueSpan;
        return name.Length <= longest
            ? Encoding.UTF8.GetString(name)
            : Encoding.UTF8.GetString(name[..longest]) + "...";
    }
}
