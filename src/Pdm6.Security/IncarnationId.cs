using System.Buffers.Binary;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>
/// One life of a sender: random at every start, so that nothing of an earlier life is ever used again
/// (protocol reference, section 6).
/// </summary>
/// <param name="Value">The identifier as one number, the first octet on the wire being the most significant.</param>
[JsonConverter(typeof(HexIdentifierJsonConverter<IncarnationId>))]
public readonly record struct IncarnationId(UInt128 Value) : IHexIdentifier<IncarnationId>
{
    /// <summary>Octets of <see cref="Write"/>.</summary>
    public const int Size = 16;

    /// <inheritdoc/>
    public static IncarnationId From(UInt128 value) => new(value);

    /// <summary>A fresh identifier from the system's random number generator.</summary>
    public static IncarnationId NewRandom() => new(HexIdentifier.NewRandom());

    /// <summary>Reads the first 16 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 octets: a caller's mistake.</exception>
    public static IncarnationId Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt128BigEndian(octets));

    /// <summary>Writes 16 octets to the front of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Reads exactly 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IncarnationId id)
    {
        bool parsed = HexIdentifier.TryParse(text, out UInt128 value);
        id = new IncarnationId(value);
        return parsed;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => HexIdentifier.Format(Value);
}
