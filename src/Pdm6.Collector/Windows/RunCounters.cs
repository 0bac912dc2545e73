namespace Pdm6.Collector.Windows;

/// <summary>The counters of the whole run. Not safe for use by several threads.</summary>
internal sealed class RunCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<RunCounter>().Length];

    public long this[RunCounter counter]
    {
        get => _counts[(int)counter];
        set => _counts[(int)counter] = value;
    }

    /// <summary>A copy that will not change any more.</summary>
    public RunCounters Copy()
    {
        RunCounters copy = new();
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }
}
