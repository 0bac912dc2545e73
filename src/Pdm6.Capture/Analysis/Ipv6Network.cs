using System.Globalization;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>An IPv6 prefix (RFC 4291 section 2.3).</summary>
/// <param name="Address">Any address in it.</param>
/// <param name="Length">Leading bits that its addresses share, 0 to 128.</param>
public readonly record struct Ipv6Network(Ipv6Address Address, int Length)
{
    private const int AddressBits = 128;

    /// <summary>True if the address is in it.</summary>
    public bool Holds(Ipv6Address address) =>
        Length == 0 || (address.Value ^ Address.Value) >> (AddressBits - Length) == UInt128.Zero;

    /// <summary>Reads <c>2001:db8::/32</c>, or an address for itself alone.</summary>
    public static bool TryParse(string text, out Ipv6Network network)
    {
        ArgumentNullException.ThrowIfNull(text);
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int length = AddressBits;
        if (!Ipv6Address.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out Ipv6Address address)
            || (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length))
            || length > AddressBits)
            return false;
        network = new Ipv6Network(address, length);
        return true;
    }
}
