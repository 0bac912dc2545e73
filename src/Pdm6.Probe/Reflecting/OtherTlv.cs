namespace Pdm6.Probe.Reflecting;

/// <summary>A TLV that has no meaning here and is recorded as it came.</summary>
internal readonly record struct OtherTlv(ushort Type, byte[] Value);
