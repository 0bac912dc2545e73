namespace Pdm6.Capture.Analysis;

/// <summary>
/// Numbers over time in a bounded number of equal spans: when a capture turns out to be longer, neighbours are put
/// together. What is captured before the start counts to the first span.
/// </summary>
public sealed class Timeline
{
    private const int MostBins = 512;
    private const ulong FirstWidthNs = 1_000_000;

    private readonly TimelineBin?[] _bins = new TimelineBin?[MostBins];
    private bool _hasStart;

    /// <summary>Unix time at which the first span begins, nanoseconds.</summary>
    public ulong StartNs { get; private set; }

    /// <summary>Length of a span, nanoseconds.</summary>
    public ulong WidthNs { get; private set; } = FirstWidthNs;

    /// <summary>The spans in which something happened, rising, by their number.</summary>
    public IEnumerable<(int Index, TimelineBin Bin)> Bins
    {
        get
        {
            for (int i = 0; i < MostBins; i++)
                if (_bins[i] is { } bin)
                    yield return (i, bin);
        }
    }

    /// <summary>The same in fewer, longer spans; this one stays as it is.</summary>
    /// <param name="mostBins">How many it may use at most.</param>
    public Timeline Coarser(int mostBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBins, 1);
        Timeline coarser = new() { StartNs = StartNs, WidthNs = WidthNs, _hasStart = _hasStart };
        int used = Bins.Select(entry => entry.Index + 1).DefaultIfEmpty(0).Max();
        for (int bins = used; bins > mostBins; bins = (bins + 1) / 2)
            coarser.WidthNs *= 2;
        foreach ((int index, TimelineBin bin) in Bins)
            coarser.At(StartNs + (ulong)index * WidthNs).Add(bin);
        return coarser;
    }

    /// <summary>Says when the first span begins; only the first call counts.</summary>
    internal void StartAt(ulong unixNs)
    {
        if (!_hasStart)
            (_hasStart, StartNs) = (true, unixNs);
    }

    internal TimelineBin At(ulong unixNs)
    {
        ulong since = unixNs > StartNs ? unixNs - StartNs : 0;
        while (since / WidthNs >= MostBins)
            Halve();
        return _bins[(int)(since / WidthNs)] ??= new TimelineBin();
    }

    /// <summary>Both together, which have the same start; null if there is none.</summary>
    internal static Timeline? Of(Timeline? one, Timeline? other)
    {
        if (one is null || other is null)
            return one ?? other;
        foreach ((int index, TimelineBin bin) in other.Bins)
            one.At(other.StartNs + (ulong)index * other.WidthNs).Add(bin);
        return one;
    }

    private void Halve()
    {
        for (int i = 0; i < MostBins; i++)
        {
            TimelineBin? bin = _bins[i];
            _bins[i] = null;
            if (bin is null)
                continue;
            if (_bins[i / 2] is { } earlier)
                earlier.Add(bin);
            else
                _bins[i / 2] = bin;
        }
        WidthNs *= 2;
    }
}
