namespace Pdm6.Capture;

/// <summary>One frame of a capture, valid until the next is read.</summary>
public readonly ref struct CapturedFrame
{
    internal CapturedFrame(ReadOnlySpan<byte> octets, ulong timestampNs, int linkType, uint originalLength)
    {
        Octets = octets;
        TimestampNs = timestampNs;
        LinkType = linkType;
        OriginalLength = originalLength;
    }

    /// <summary>What was captured, from the link-layer header on.</summary>
    public ReadOnlySpan<byte> Octets { get; }
    /// <summary>Unix time of the capture, nanoseconds; 0 if the capture does not say.</summary>
    public ulong TimestampNs { get; }
    /// <summary>LINKTYPE_ value of the interface.</summary>
    public int LinkType { get; }
    /// <summary>Octets that the frame had on the wire.</summary>
    public uint OriginalLength { get; }

    /// <summary>Finds the IPv6 packet in the frame. False if there is none.</summary>
    public bool TryFindIpv6(out ReadOnlySpan<byte> packet) => LinkLayer.TryFindIpv6(LinkType, Octets, out packet);
}
