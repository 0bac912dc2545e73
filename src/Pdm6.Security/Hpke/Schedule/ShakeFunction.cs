namespace Pdm6.Security.Schedule;

/// <summary>SHAKE128 or SHAKE256 (FIPS 202).</summary>
/// <param name="source">What is hashed.</param>
/// <param name="destination">Receives as many octets as it has.</param>
internal delegate void ShakeFunction(ReadOnlySpan<byte> source, Span<byte> destination);
