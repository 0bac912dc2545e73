namespace Pdm6.Security;

/// <summary>A 128-bit identifier that is 16 octets on the wire and 32 lower-case hexadecimal digits in text.</summary>
/// <typeparam name="TSelf">The identifier.</typeparam>
public interface IHexIdentifier<TSelf>
    where TSelf : struct, IHexIdentifier<TSelf>
{
    /// <summary>The identifier as one number, the first octet being the most significant.</summary>
    UInt128 Value { get; }

    /// <summary>The identifier of a number.</summary>
    static abstract TSelf From(UInt128 value);
}
