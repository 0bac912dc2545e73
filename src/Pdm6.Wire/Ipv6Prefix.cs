using System.Globalization;

namespace Pdm6.Wire;

/// <summary>An IPv6 prefix, RFC 4291 section 2.3. Bits behind the length are 0.</summary>
public readonly record struct Ipv6Prefix
{
    /// <summary>Makes a prefix; address bits behind <paramref name="length"/> are cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length outside 0 to 128.</exception>
    public Ipv6Prefix(Ipv6Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 128);
        Address = new Ipv6Address(address.Value & MaskOf(length));
        Length = length;
    }

    /// <summary>The first address of the prefix.</summary>
    public Ipv6Address Address { get; }

    /// <summary>Leading bits that count.</summary>
    public int Length { get; }

    /// <summary>True if every address of <paramref name="other"/> is in this prefix too.</summary>
    public bool Contains(in Ipv6Prefix other) => Length <= other.Length && (other.Address.Value & MaskOf(Length)) == Address.Value;

    /// <summary>True if the address is in this prefix.</summary>
    public bool Contains(Ipv6Address address) => (address.Value & MaskOf(Length)) == Address.Value;

    /// <summary>Parses "2001:db8::/32"; an address without a length means that address alone. False for anything
    /// else, and if address bits are set behind the length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv6Prefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        int length = 128;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 128))
            return false;
        if (!Ipv6Address.TryParse(slash < 0 ? text : text[..slash], out Ipv6Address address))
            return false;
        prefix = new Ipv6Prefix(address, length);
        return prefix.Address == address;
    }

    /// <summary>RFC 5952 text and the length.</summary>
    public override string ToString() => $"{Address}/{Length}";

    // A shift by 128 would be a shift by 0.
    private static UInt128 MaskOf(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
}
