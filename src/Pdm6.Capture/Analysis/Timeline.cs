namespace Pdm6.Capture.Analysis;

/// <summary>
/// Numbers over time in a bounded number of equal spans: when a capture turns out to be longer, neighbours are put
/// together. What is captured before the first packet's time counts to the first span.
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

    internal TimelineBin At(ulong unixNs)
    {
        if (!_hasStart)
            (_hasStart, StartNs) = (true, unixNs);
        ulong since = unixNs > StartNs ? unixNs - StartNs : 0;
        while (since / WidthNs >= MostBins)
            Halve();
        return _bins[(int)(since / WidthNs)] ??= new TimelineBin();
    }

    /// <summary>Both together; null if there is none.</summary>
    internal static Timeline? Of(Timeline? one, Timeline? other)
    {
        if (one is null || other is null)
            return one ?? other;
        if (!one._hasStart || (other._hasStart && other.StartNs < one.StartNs))
            (one, other) = (other, one);
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
