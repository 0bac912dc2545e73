namespace Pdm6.Probe.Native;

/// <summary>When a datagram left.</summary>
/// <param name="Number">Its number among those sent through the socket, from 0.</param>
/// <param name="LeftAtUnixNs">When the kernel handed it to the interface, Unix time.</param>
internal readonly record struct TransmitStamp(uint Number, ulong LeftAtUnixNs);
