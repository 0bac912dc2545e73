using System.Buffers.Binary;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>
/// Names the keying material that one incarnation announced (protocol reference, section 7).
/// </summary>
/// <param name="Value">The identifier as one number, the first octet on the wire being the most significant.</param>
[JsonConverter(typeof(HexIdentifierJsonConverter<ContextId>))]
public readonly record struct ContextId(UInt128 Value) : IHexIdentifier<ContextId>
{
    /// <summary>Octets of <see cref="Write"/>.</summary>
    public const int Size = 16;

    /// <inheritdoc/>
    public static ContextId From(UInt128 value) => new(value);

    /// <summary>A fresh identifier from the system's random number generator.</summary>
    public static ContextId NewRandom() => new(HexIdentifier.NewRandom());

    /// <summary>Reads the first 16 octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 octets: a caller's mistake.</exception>
    public static ContextId Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt128BigEndian(octets));

    /// <summary>Writes 16 octets to the front of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Reads exactly 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContextId id)
    {
        bool parsed = HexIdentifier.TryParse(text, out UInt128 value);
        id = new ContextId(value);
        return parsed;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => HexIdentifier.Format(Value);
}
