using System.Formats.Asn1;
using Pdm6.Wire;

namespace Pdm6.Security.Identity;

/// <summary>
/// The IPv6 address blocks of a certificate (RFC 3779 section 2.2.3); those of other families are skipped:
/// <code>
/// IPAddrBlocks    ::= SEQUENCE OF SEQUENCE { addressFamily OCTET STRING, SEQUENCE OF IPAddressOrRange }
/// IPAddressOrRange ::= CHOICE { addressPrefix BIT STRING, SEQUENCE { min BIT STRING, max BIT STRING } }
/// </code>
/// The form is canonical (section 2.2.3.6): ascending, neither overlapping nor adjacent, a range only where no prefix
/// fits. Other forms are refused, as OpenSSL does.
/// </summary>
internal static class AddressBlocks
{
    /// <summary>The most prefixes that a certificate may hold.</summary>
    public const int MostPrefixes = 64;

    private const int AddressBits = 128;
    private static ReadOnlySpan<byte> Ipv6Family => [0, 2];

    /// <summary>The extension's value.</summary>
    public static byte[] Encode(IEnumerable<Ipv6Prefix> prefixes)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(Ipv6Family);
            using (writer.PushSequence())
                foreach (AddressRange range in AddressRange.Union(prefixes))
                    if (range.TryAsPrefix(out Ipv6Prefix prefix))
                        WriteBits(writer, prefix.Address.Value, prefix.Length);
                    else
                        using (writer.PushSequence())
                        {
                            WriteBits(writer, range.First, AddressBits - (int)UInt128.TrailingZeroCount(range.First));
                            // Trailing ones are implied.
                            int ones = (int)UInt128.TrailingZeroCount(~range.Last);
                            WriteBits(writer, range.Last, AddressBits - ones);
                        }
        }
        return writer.Encode();
    }

    /// <summary>The addresses of the extension as the fewest prefixes, ascending.</summary>
    /// <exception cref="AsnContentException">It is something else, or has too many prefixes.</exception>
    public static IReadOnlyList<Ipv6Prefix> Decode(AsnReader value)
    {
        AsnReader families = value.ReadSequence();
        value.ThrowIfNotEmpty();
        IReadOnlyList<Ipv6Prefix>? prefixes = null;
        while (families.HasData)
        {
            AsnReader family = families.ReadSequence();
            if (!family.ReadOctetString().AsSpan().SequenceEqual(Ipv6Family))
                continue;
            if (prefixes is not null)
                throw new AsnContentException("The IPv6 address blocks are there twice.");
            prefixes = DecodeFamily(family.ReadSequence());
            family.ThrowIfNotEmpty();
        }
        return prefixes ?? throw new AsnContentException("There are no IPv6 address blocks.");
    }

    private static List<Ipv6Prefix> DecodeFamily(AsnReader blocks)
    {
        List<Ipv6Prefix> prefixes = [];
        UInt128? last = null;
        while (blocks.HasData)
        {
            AddressRange range = ReadBlock(blocks);
            if (last is { } before && (range.First <= before || range.First == before + 1))
                throw new AsnContentException("The address blocks are not in canonical form.");
            last = range.Last;
            prefixes.AddRange(range.Prefixes());
            if (prefixes.Count > MostPrefixes)
                throw new AsnContentException($"There are more than {MostPrefixes} prefixes.");
        }
        return prefixes.Count > 0 ? prefixes : throw new AsnContentException("There is no IPv6 address block.");
    }

    private static AddressRange ReadBlock(AsnReader blocks)
    {
        if (blocks.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveBitString))
        {
            (UInt128 bits, int length) = ReadBits(blocks);
            return new AddressRange(bits, bits | Ones(AddressBits - length));
        }
        AsnReader range = blocks.ReadSequence();
        (UInt128 first, int firstLength) = ReadBits(range);
        (UInt128 last, int lastLength) = ReadBits(range);
        range.ThrowIfNotEmpty();
        AddressRange read = new(first, last | Ones(AddressBits - lastLength));
        // Canonical ends have no trailing zeros in the first and no trailing ones in the last; and prefixes are not ranges.
        bool isCanonical = (firstLength == 0 || (first >> (AddressBits - firstLength) & 1) == 1)
            && (lastLength == 0 || (last >> (AddressBits - lastLength) & 1) == 0)
            && read.First <= read.Last && !read.TryAsPrefix(out _);
        return isCanonical ? read : throw new AsnContentException("An address range is not in canonical form.");
    }

    private static (UInt128 Bits, int Length) ReadBits(AsnReader reader)
    {
        byte[] octets = reader.ReadBitString(out int unused);
        if (octets.Length > Ipv6Address.Size)
            throw new AsnContentException("An address has more than 128 bits.");
        Span<byte> address = stackalloc byte[Ipv6Address.Size];
        address.Clear();
        octets.CopyTo(address);
        return (Ipv6Address.Read(address).Value, 8 * octets.Length - unused);
    }

    private static void WriteBits(AsnWriter writer, UInt128 bits, int length)
    {
        Span<byte> address = stackalloc byte[Ipv6Address.Size];
        // DER wants the unused bits 0.
        new Ipv6Address(bits & ~Ones(AddressBits - length)).Write(address);
        int octets = (length + 7) / 8;
        writer.WriteBitString(address[..octets], 8 * octets - length);
    }

    private static UInt128 Ones(int count) => count == AddressBits ? UInt128.MaxValue : (UInt128.One << count) - 1;
}
