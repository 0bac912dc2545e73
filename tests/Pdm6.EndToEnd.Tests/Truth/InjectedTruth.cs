using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Truth;

/// <summary>What a relay did to the packets of one direction, from its decision log.</summary>
/// <param name="Departed">Packets that left the relay, duplicates apart.</param>
/// <param name="Lost">Packets that it dropped.</param>
/// <param name="Duplicated">Packets that it sent twice.</param>
/// <param name="Reordered">Packets that left after one that came in later.</param>
internal sealed record InjectedTruth(long Departed, long Lost, long Duplicated, long Reordered)
{
    /// <summary>Reads the log; with <paramref name="firstPackets"/> only what became of so many packets that came in
    /// first.</summary>
    internal static InjectedTruth Read(string decisionLog, string direction, long firstPackets = long.MaxValue)
    {
        InjectedTruth truth = new(0, 0, 0, 0);
        long highest = 0;
        foreach (RelayLogEntry entry in RelayLogEntry.ReadAll(decisionLog).Where(entry => entry.Direction == direction && entry.Ordinal <= firstPackets))
        {
            truth = entry switch
            {
                { Fate: PacketFate.Lost } => truth with { Lost = truth.Lost + 1 },
                { Copy: > 0 } => truth with { Duplicated = truth.Duplicated + 1 },
                _ when entry.Ordinal < highest => truth with { Departed = truth.Departed + 1, Reordered = truth.Reordered + 1 },
                _ => truth with { Departed = truth.Departed + 1 },
            };
            if (entry.Fate == PacketFate.Forwarded)
                highest = Math.Max(highest, entry.Ordinal);
        }
        return truth;
    }
}
