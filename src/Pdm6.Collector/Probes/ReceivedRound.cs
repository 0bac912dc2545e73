using Pdm6.Export;

namespace Pdm6.Collector.Probes;

/// <summary>A round that a prober reported and that was found well-formed.</summary>
/// <param name="ReceivedAtUnixNs">When it came, by this host's clock: no prober's clock decides how long it stays.</param>
/// <param name="Report">What it said.</param>
internal sealed record ReceivedRound(ulong ReceivedAtUnixNs, ProbeRound Report);
