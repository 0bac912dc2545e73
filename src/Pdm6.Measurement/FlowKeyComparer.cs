using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>Hashes flows with the seed of this process: who chooses ports cannot choose collisions.</summary>
internal sealed class FlowKeyComparer : IEqualityComparer<FlowKey>
{
    public bool Equals(FlowKey x, FlowKey y) => x == y;

    public int GetHashCode(FlowKey flow) => HashCode.Combine(
        flow.Source.Value, flow.Destination.Value, flow.Protocol, flow.SourcePort, flow.DestinationPort);
}
