using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pdm6.Wire;

/// <summary>A 128-bit IPv6 address as a plain value (RFC 4291). Ordering is that of the 16 octets on the wire.</summary>
/// <param name="Value">The address as one number, the first octet on the wire being the most significant.</param>
public readonly record struct Ipv6Address(UInt128 Value) : IComparable<Ipv6Address>
{
    /// <summary>Octets an address takes on the wire.</summary>
    public const int Size = 16;

    /// <summary>True for ff00::/8 (RFC 4291 section 2.7).</summary>
    public bool IsMulticast => (byte)(Value >> 120) == 0xff;

    /// <summary>True for fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public bool IsLinkLocal => (ushort)(Value >> 118) == 0xfe80 >> 6;

    /// <summary>Reads the first 16 octets of <paramref name="octets"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 octets: a caller's mistake.</exception>
    public static Ipv6Address Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt128BigEndian(octets));

    /// <summary>Writes 16 octets to the front of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Parses RFC 4291 text. A zone ("%eth0"), brackets with or without a port, and IPv4 addresses are
    /// refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv6Address address)
    {
        address = default;
        if (text.ContainsAny('%', '[') || !IPAddress.TryParse(text, out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        Span<byte> octets = stackalloc byte[Size];
        parsed.TryWriteBytes(octets, out _);
        address = Read(octets);
        return true;
    }

    /// <summary>Parses RFC 4291 text.</summary>
    /// <exception cref="FormatException">The text is no IPv6 address.</exception>
    public static Ipv6Address Parse(ReadOnlySpan<char> text) => TryParse(text, out Ipv6Address address)
        ? address
        : throw new FormatException($"'{text}' is not an IPv6 address.");

    /// <inheritdoc/>
    public int CompareTo(Ipv6Address other) => Value.CompareTo(other.Value);

    /// <summary>The canonical text of RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[Size];
        Write(octets);
        return new IPAddress(octets).ToString();
    }
#pragma warning disable CS1591 // the four operators say what they do
    public static bool operator <(Ipv6Address left, Ipv6Address right) => left.Value < right.Value;
    public static bool operator >(Ipv6Address left, Ipv6Address right) => left.Value > right.Value;
    public static bool operator <=(Ipv6Address left, Ipv6Address right) => left.Value <= right.Value;
    public static bool operator >=(Ipv6Address left, Ipv6Address right) => left.Value >= right.Value;
#pragma warning restore CS1591
}
