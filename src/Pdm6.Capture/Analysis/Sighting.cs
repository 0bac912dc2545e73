using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>A measurement where it stands in a captured packet.</summary>
internal ref struct Sighting
{
    public Carrier Carrier;
    /// <summary>Flow of the packet, with the final destination.</summary>
    public FlowKey Flow;
    public byte HopLimit;
    public UpperLayerFields Upper;
    /// <summary>The option from its type or kind octet on, or the frame; empty if malformed.</summary>
    public ReadOnlySpan<byte> Octets;
    /// <summary>What must be kept for later and is longer than an option: the surplus area, or the frame.</summary>
    public ReadOnlySpan<byte> Stored;
    /// <summary>A packet in the packet (RFC 2473), if there is one.</summary>
    public ReadOnlySpan<byte> Inner;
}
