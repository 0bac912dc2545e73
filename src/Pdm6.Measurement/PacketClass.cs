namespace Pdm6.Measurement;

/// <summary>What one observed packet is among the packets of its series.</summary>
public enum PacketClass : byte
{
    /// <summary>The first copy of its number, in order.</summary>
    First,
    /// <summary>The first copy of its number, after a higher number had come (RFC 4737).</summary>
    Reordered,
    /// <summary>A further copy of one packet (RFC 5560).</summary>
    Duplicate,
    /// <summary>Carries a number that another packet carried: one super-packet cut into segments (draft-15,
    /// Segmentation and Aggregation Offload). Neither a loss, nor a duplicate, nor an error.</summary>
    Ambiguous,
    /// <summary>So far behind that its number was forgotten: a first copy or a further one, nobody can tell.</summary>
    Late,
}
