using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Api;

/// <summary>Answers about periods, from the store.</summary>
internal sealed class GroupQuery(Store store, TimeProvider time)
{
    /// <summary>All groups over the last seconds, by name. The period is rounded to the windows that it is made of.</summary>
    public IReadOnlyList<GroupView> Groups(long seconds)
    {
        int length = WindowLength.ForPeriod(seconds);
        return [.. Read(length, seconds, null)
            .GroupBy(window => window.Group, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => GroupView.Of(group.Key, Sum(group)))];
    }

    /// <summary>The time series of one group over the last seconds, oldest first; steps without data are left out.</summary>
    public IReadOnlyList<WindowView> Windows(string group, long seconds, long step) =>
        [.. Read(WindowLength.ForStep(step), seconds, group)
            .GroupBy(window => window.Second - window.Second % step)
            .Select(slot => WindowView.Of(slot.Key, Sum(slot)))];

    private List<GroupWindow> Read(int length, long seconds, string? group)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        long first = now - seconds + 1;
        return store.ReadWindows(length, first - first % length, now + length, group);
    }

    private static GroupNumbers Sum(IEnumerable<GroupWindow> windows)
    {
        GroupNumbers sum = new();
        foreach (GroupWindow window in windows)
            sum.Add(window.Numbers);
        return sum;
    }
}
