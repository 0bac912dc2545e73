using Pdm6.Wire;

namespace Pdm6.Registration.Storage;

/// <summary>Lists of prefixes as the store and the audit log keep them: separated by blanks.</summary>
internal static class PrefixText
{
    public static string Of(IEnumerable<Ipv6Prefix> prefixes) => string.Join(' ', prefixes);

    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    public static IReadOnlyList<Ipv6Prefix> Read(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Ipv6Prefix.TryParse(part, out Ipv6Prefix prefix)
            ? prefix
            : throw new InvalidDataException($"The store holds '{part}' where a prefix should be.")),
    ];
}
