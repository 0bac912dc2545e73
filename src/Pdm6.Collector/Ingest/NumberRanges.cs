namespace Pdm6.Collector.Ingest;

/// <summary>
/// The set of batch numbers taken from one agent, as ranges: an agent that numbers its batches one by one leaves one
/// range, one that sends kept batches late leaves holes that fill. When there are too many holes the oldest is
/// closed: a batch that late is taken for a copy.
/// </summary>
internal sealed class NumberRanges
{
    public const int MostRanges = 1024;

    private readonly List<(ulong First, ulong Last)> _ranges;

    public NumberRanges() => _ranges = [];

    public NumberRanges(IEnumerable<(ulong First, ulong Last)> ranges) => _ranges = [.. ranges];

    /// <summary>Sorted, apart from each other by at least one missing number.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Ranges => _ranges;

    /// <summary>False if the number was there already.</summary>
    public bool Add(ulong number)
    {
        int next = FirstAfter(number);
        if (next > 0 && number <= _ranges[next - 1].Last)
            return false;
        bool joinsLower = next > 0 && _ranges[next - 1].Last + 1 == number;
        bool joinsUpper = next < _ranges.Count && number + 1 == _ranges[next].First;
        if (joinsLower && joinsUpper)
        {
            _ranges[next - 1] = (_ranges[next - 1].First, _ranges[next].Last);
            _ranges.RemoveAt(next);
        }
        else if (joinsLower)
            _ranges[next - 1] = (_ranges[next - 1].First, number);
        else if (joinsUpper)
            _ranges[next] = (number, _ranges[next].Last);
        else
            _ranges.Insert(next, (number, number));
        if (_ranges.Count > MostRanges)
        {
            _ranges[0] = (_ranges[0].First, _ranges[1].Last);
            _ranges.RemoveAt(1);
        }
        return true;
    }

    /// <summary>Index of the first range that begins above the number.</summary>
    private int FirstAfter(ulong number)
    {
        int low = 0, high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
