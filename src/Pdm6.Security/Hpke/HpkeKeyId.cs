using Pdm6.Security.Identity;

namespace Pdm6.Security;

/// <summary>Names an HPKE public key: the fingerprint of its octets (protocol reference, section 7). A type of its own,
/// so that nobody takes a key for an identity. In text, 64 lower-case hexadecimal digits.</summary>
public readonly record struct HpkeKeyId
{
    /// <summary>Octets of an identifier.</summary>
    public const int Size = Fingerprint.Size;

    private readonly Fingerprint _fingerprint;

    private HpkeKeyId(Fingerprint fingerprint) => _fingerprint = fingerprint;

    /// <summary>The identifier of a public key.</summary>
    /// <param name="publicKey">The key's octets, as HPKE serializes them.</param>
    public static HpkeKeyId Of(ReadOnlySpan<byte> publicKey) => new(Fingerprint.Of(publicKey));

    /// <summary>Reads the first 32 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 32 octets: a caller's mistake.</exception>
    public static HpkeKeyId Read(ReadOnlySpan<byte> octets) => new(Fingerprint.Read(octets));

    /// <summary>Writes 32 octets to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 32 octets of room.</exception>
    public void Write(Span<byte> destination) => _fingerprint.Write(destination);

    /// <summary>Reads exactly 64 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out HpkeKeyId id)
    {
        bool isOne = Fingerprint.TryParse(text, out Fingerprint fingerprint);
        id = new HpkeKeyId(fingerprint);
        return isOne;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => _fingerprint.ToString();
}
