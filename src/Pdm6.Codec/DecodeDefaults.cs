using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec;

/// <summary>What holds for lines that do not say otherwise.</summary>
/// <param name="Carriage">The carriage; null if the octets tell it.</param>
/// <param name="Flow">The flow; null if it is not known.</param>
/// <param name="Suite">The suite, which the wire does not name.</param>
public sealed record DecodeDefaults(
    CodecCarriage? Carriage = null, FlowKey? Flow = null, Suite Suite = Suite.Aes256Gcm);
