using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>What the relay knows of a frame.</summary>
/// <param name="Flow">The packet's flow.</param>
/// <param name="OptionOffset">Where in the frame a protected PDMv2 option begins; -1 if there is none.</param>
/// <param name="HeaderOctets">Octets of the packet's headers, the upper layer's included: what every segment of a
/// super-packet repeats.</param>
internal readonly record struct FrameFacts(FlowKey Flow, int OptionOffset, int HeaderOctets)
{
    internal bool HasOption => OptionOffset >= 0;
}
