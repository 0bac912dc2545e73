using Pdm6.Wire;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>The value of Framed-IPv6-Prefix (RFC 3162 section 2.3) and Delegated-IPv6-Prefix (RFC 4818): a reserved octet,
/// the length in bits, and as many octets of the prefix as are needed, at most 16.</summary>
internal static class PrefixValue
{
    private const int HeaderSize = 2;

    /// <summary>Reads a prefix; false if it is too long, or has fewer octets than its length needs, or bits behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out Ipv6Prefix prefix)
    {
        prefix = default;
        if (value.Length is < HeaderSize or > HeaderSize + Ipv6Address.Size)
            return false;
        int length = value[1];
        ReadOnlySpan<byte> given = value[HeaderSize..];
        if (length > 8 * given.Length)
            return false;
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        octets.Clear();
        given.CopyTo(octets);
        Ipv6Address address = Ipv6Address.Read(octets);
        prefix = new Ipv6Prefix(address, length);
        return prefix.Address == address;
    }
}
