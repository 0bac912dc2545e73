namespace Pdm6.Wire;

/// <summary>One whole extension header, made by <see cref="ExtensionHeaders"/>.</summary>
public readonly ref struct ExtensionHeader
{
    internal ExtensionHeader(byte type, ReadOnlySpan<byte> octets)
    {
        Type = type;
        Octets = octets;
    }

    /// <summary>The Next Header value that led to it.</summary>
    public byte Type { get; }

    /// <summary>All of it, at least 8 octets.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The options in it; none if it is no options header.</summary>
    public HeaderOptions Options =>
        new(Type is NextHeader.HopByHop or NextHeader.DestinationOptions ? Octets[HeaderOptions.Offset..] : default);
}
