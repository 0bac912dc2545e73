using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>What rules can ask of a packet that this host sends.</summary>
/// <param name="Flow">Its flow; the destination is the final one.</param>
/// <param name="Dscp">Its differentiated services code point.</param>
/// <param name="Mark">Its mark.</param>
/// <param name="Interface">Index of the interface by which it leaves.</param>
/// <param name="Cgroups">The control group that its socket was made in, and those around it.</param>
public sealed record PolicyPacket(FlowKey Flow, byte Dscp = 0, uint Mark = 0, int Interface = 0, IReadOnlyList<ControlGroup>? Cgroups = null);
