namespace Pdm6.Wire;

/// <summary>One whole Hop-by-Hop Options, Routing or Destination Options header, made by
/// <see cref="ExtensionHeaders"/>.</summary>
public readonly ref struct ExtensionHeader
{
    internal ExtensionHeader(byte type, ReadOnlySpan<byte> octets)
    {
        Type = type;
        Octets = octets;
    }

    /// <summary>The Next Header value that led to it.</summary>
    public byte Type { get; }

    /// <summary>All of it; a multiple of 8 octets, at least 8.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The options in it; none if it holds no options.</summary>
    public HeaderOptions Options => new(Type == NextHeader.Routing ? default : Octets[2..]);
}
