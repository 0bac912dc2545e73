using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Pdm6.Security.Identity;

/// <summary>
/// A SHA-256 value that names something: an identity (of the SubjectPublicKeyInfo of its key, so it survives the
/// renewal of the certificate; what people pin), a certificate (of its DER octets), or behind <see cref="HpkeKeyId"/> an
/// HPKE key. 64 lower-case hexadecimal digits in text.
/// </summary>
[JsonConverter(typeof(FingerprintJsonConverter))]
public readonly record struct Fingerprint : IComparable<Fingerprint>
{
    /// <summary>Octets of <see cref="Write"/>.</summary>
    public const int Size = 32;
    /// <summary>Characters of the text.</summary>
    public const int TextLength = 2 * Size;

    private readonly UInt128 _high, _low;

    private Fingerprint(UInt128 high, UInt128 low) => (_high, _low) = (high, low);

    /// <summary>The fingerprint of these octets.</summary>
    public static Fingerprint Of(ReadOnlySpan<byte> octets)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(octets, hash);
        return Read(hash);
    }

    /// <summary>Reads the first 32 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 32 octets: a caller's mistake.</exception>
    public static Fingerprint Read(ReadOnlySpan<byte> octets) => new(
        BinaryPrimitives.ReadUInt128BigEndian(octets), BinaryPrimitives.ReadUInt128BigEndian(octets[(Size / 2)..]));

    /// <summary>Writes 32 octets to the front of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[(Size / 2)..], _low);
    }

    /// <summary>Reads exactly 64 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (text.Length != TextLength
            || !HexIdentifier.TryParse(text[..Size], out UInt128 high) || !HexIdentifier.TryParse(text[Size..], out UInt128 low))
            return false;
        fingerprint = new Fingerprint(high, low);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Fingerprint other) => _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => HexIdentifier.Format(_high) + HexIdentifier.Format(_low);

#pragma warning disable CS1591 // the four operators say what they do
    public static bool operator <(Fingerprint left, Fingerprint right) => left.CompareTo(right) < 0;
    public static bool operator >(Fingerprint left, Fingerprint right) => left.CompareTo(right) > 0;
    public static bool operator <=(Fingerprint left, Fingerprint right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Fingerprint left, Fingerprint right) => left.CompareTo(right) >= 0;
#pragma warning restore CS1591
}
