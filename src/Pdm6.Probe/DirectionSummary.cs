namespace Pdm6.Probe;

/// <summary>What happened to the packets of one direction. Null where nothing is known: the counts come from the
/// reflector.</summary>
/// <param name="Sent">Packets that left.</param>
/// <param name="Arrived">Distinct packets that arrived.</param>
/// <param name="Duplicated">Further copies that arrived.</param>
/// <param name="Reordered">Packets that arrived after one with a higher number (RFC 4737).</param>
public sealed record DirectionSummary(long? Sent, long? Arrived, long? Duplicated, long? Reordered)
{
    /// <summary>Packets that left and did not arrive.</summary>
    public long? Lost => Sent - Arrived;
}
