namespace Pdm6.Export;

/// <summary>What happened to the packets of one direction of a probe; null where it is not known.</summary>
/// <param name="Sent">Packets that left.</param>
/// <param name="Lost">Packets that did not arrive.</param>
/// <param name="Duplicated">Further copies that arrived.</param>
/// <param name="Reordered">Packets that arrived after a later one.</param>
public sealed record ProbeDirection(long? Sent, long? Lost, long? Duplicated, long? Reordered)
{
    internal bool IsValid => Sent is null or >= 0 && Lost is null or >= 0 && Duplicated is null or >= 0 && Reordered is null or >= 0;
}
