namespace Pdm6.Probe.Sessions;

/// <summary>What a <see cref="ProbeSession"/> must know.</summary>
/// <param name="TimeoutNs">A request without a reply for so long is lost.</param>
/// <param name="Octets">UDP payload octets of a request.</param>
/// <param name="Remembered">Requests whose fate is remembered; a power of two, and more than leave within the
/// timeout.</param>
/// <param name="HopLimit">What requests leave with, if the user chose it; the reflector does not know.</param>
internal sealed record SessionSettings(long TimeoutNs, int Octets, int Remembered, byte? HopLimit = null);
