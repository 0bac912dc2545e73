using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Security;

/// <summary>Names an HPKE public key: SHA-256 of its octets (protocol reference, section 7). In text, 64 lower-case
/// hexadecimal digits.</summary>
public readonly record struct HpkeKeyId
{
    /// <summary>Octets of an identifier.</summary>
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private HpkeKeyId(ReadOnlySpan<byte> octets)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(octets);
        _low = BinaryPrimitives.ReadUInt128BigEndian(octets[(Size / 2)..]);
    }

    /// <summary>The identifier of a public key.</summary>
    /// <param name="publicKey">The key's octets, as HPKE serializes them.</param>
    public static HpkeKeyId Of(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(publicKey, hash);
        return new HpkeKeyId(hash);
    }

    /// <summary>Reads the first 32 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 32 octets: a caller's mistake.</exception>
    public static HpkeKeyId Read(ReadOnlySpan<byte> octets) => new(octets);

    /// <summary>Writes 32 octets to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 32 octets of room.</exception>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[(Size / 2)..], _low);
    }

    /// <summary>Reads exactly 64 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out HpkeKeyId id)
    {
        id = default;
        if (text.Length != 2 * Size
            || !HexIdentifier.TryParse(text[..Size], out UInt128 high)
            || !HexIdentifier.TryParse(text[Size..], out UInt128 low))
            return false;
        Span<byte> octets = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(octets, high);
        BinaryPrimitives.WriteUInt128BigEndian(octets[(Size / 2)..], low);
        id = new HpkeKeyId(octets);
        return true;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => HexIdentifier.Format(_high) + HexIdentifier.Format(_low);
}
