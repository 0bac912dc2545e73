using Pdm6.Wire;

namespace Pdm6.Cli.Probing;

/// <summary>Where to listen: "[::]:8250", "[2001:db8::1]" or "2001:db8::1".</summary>
internal sealed record ListenAddress(Ipv6Address Address, ushort Port)
{
    /// <summary>Reads it; null means every address, and what lacks a port gets <paramref name="usualPort"/>.</summary>
    internal static ListenAddress Parse(string? text, ushort usualPort)
    {
        if (text is null)
            return new ListenAddress(default, usualPort);
        ReadOnlySpan<char> address = text, port = default;
        int end = text.LastIndexOf(']');
        if (text.StartsWith('[') && end > 0)
        {
            address = text.AsSpan(1, end - 1);
            port = text.AsSpan(end + 1);
        }
        ushort number = usualPort;
        bool hasPort = port.Length > 1 && port[0] == ':' && ushort.TryParse(port[1..], out number);
        if (!Ipv6Address.TryParse(address, out Ipv6Address parsed) || (!hasPort && port.Length > 0))
            throw new WrongUseException($"'{text}' is no IPv6 address with a port. Write it as [::]:{usualPort}.");
        return new ListenAddress(parsed, number);
    }

    public override string ToString() => $"[{Address}]:{Port}";
}
