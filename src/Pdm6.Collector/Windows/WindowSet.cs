namespace Pdm6.Collector.Windows;

/// <summary>
/// What was measured since the store was last told: numbers by group and second of observation. A second that was
/// stored before is simply added to there.
/// </summary>
/// <param name="groups">Names of the groups.</param>
/// <param name="retention">Older observations count for the oldest second that is still kept.</param>
internal sealed class WindowSet(GroupIndex groups, TimeSpan retention)
{
    private const long LongestAheadSeconds = 10;

    // The last window used of each group: nearly every packet falls into the same second as the one before.
    private readonly (long Second, GroupNumbers? Numbers)[] _last = new (long, GroupNumbers?)[GroupIndex.MostGroups];
    private readonly long _retentionSeconds = (long)retention.TotalSeconds;
    private Dictionary<(int Tag, long Second), GroupNumbers> _windows = [];
    private long _nowSecond;

    /// <summary>Windows waiting to be stored.</summary>
    public int Count => _windows.Count;

    /// <summary>
    /// Says what time it is. An observer whose clock is far off, or who lies, must not fill the store with windows of
    /// the year 2200.
    /// </summary>
    public void SetNow(ulong unixNs) => _nowSecond = (long)(unixNs / UnixTime.NanosecondsPerSecond);

    /// <summary>The numbers to add to, of a group at an instant.</summary>
    public GroupNumbers At(int tag, ulong unixNs)
    {
        long second = (long)(unixNs / UnixTime.NanosecondsPerSecond);
        if (second > _nowSecond + LongestAheadSeconds)
            second = _nowSecond;
        else if (second < _nowSecond - _retentionSeconds)
            second = _nowSecond - _retentionSeconds;
        (long lastSecond, GroupNumbers? numbers) = _last[tag];
        if (numbers is not null && lastSecond == second)
            return numbers;
        if (!_windows.TryGetValue((tag, second), out numbers))
            _windows[(tag, second)] = numbers = new GroupNumbers();
        _last[tag] = (second, numbers);
        return numbers;
    }

    /// <summary>Gives away everything and begins anew.</summary>
    public IReadOnlyList<GroupWindow> Take()
    {
        Dictionary<(int Tag, long Second), GroupNumbers> taken = _windows;
        _windows = [];
        Array.Clear(_last);
        return [.. taken.Select(window => new GroupWindow(groups.NameOf(window.Key.Tag), window.Key.Second, window.Value))];
    }
}
