namespace Pdm6.Lab;

/// <summary>A <see cref="Selection"/> at work: the same seed makes the same choices.</summary>
internal sealed class Selector(Selection selection, int seed)
{
    private readonly HashSet<long> _ordinals = [.. selection.Ordinals];
    private readonly Random _random = new(seed);

    internal bool Picks(long ordinal)
    {
        // The number is drawn for every packet, so that a list beside the probability does not shift the later draws.
        bool byChance = selection.Probability > 0 && _random.NextDouble() < selection.Probability;
        return byChance || (selection.Every > 0 && ordinal % selection.Every == 0) || _ordinals.Contains(ordinal);
    }
}
