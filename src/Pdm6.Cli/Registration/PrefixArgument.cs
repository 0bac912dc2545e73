using Pdm6.Wire;

namespace Pdm6.Cli.Registration;

/// <summary>Prefixes as people write them.</summary>
internal static class PrefixArgument
{
    internal static Ipv6Prefix Parse(string text) => Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix)
        ? prefix
        : throw new WrongUseException($"'{text}' is not an IPv6 prefix: write it like 2001:db8::/64, without bits behind its length.");
}
