using Pdm6.Wire;

namespace Pdm6.Probe.Registered;

/// <summary>A directed address pair.</summary>
internal readonly record struct FramePair(Ipv6Address Source, Ipv6Address Destination)
{
    internal FramePair Reverse => new(Destination, Source);
}
