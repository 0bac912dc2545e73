using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>A packet with a measurement that waits for its turn.</summary>
internal struct PendingPacket
{
    public Carrier Carrier;
    /// <summary>The packet; with an option of up to 40 octets.</summary>
    public Observation Seen;
    /// <summary>Where the octets of what is longer begin in the queue's store, and how many they are.</summary>
    public int StoreOffset, StoreLength;
}
