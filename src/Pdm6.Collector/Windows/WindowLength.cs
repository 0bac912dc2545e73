namespace Pdm6.Collector.Windows;

/// <summary>The lengths in which windows are kept, and for how long each.</summary>
internal static class WindowLength
{
    /// <summary>The row of the whole run.</summary>
    public const int WholeRun = 0;

    // So many windows make a picture; more would only be read to be added up.
    private const int Enough = 60;

    private static readonly int[] _seconds = [1, 10, 60, 600];

    /// <summary>Shortest first.</summary>
    public static ReadOnlySpan<int> Seconds => _seconds;

    /// <summary>The longest window that still cuts a period into enough pieces.</summary>
    public static int ForPeriod(long seconds) => Array.FindLast(_seconds, length => seconds >= Enough * length) is var found and > 0 ? found : 1;

    /// <summary>The longest window of which a step is made.</summary>
    public static int ForStep(long seconds) => Array.FindLast(_seconds, length => seconds % length == 0) is var found and > 0 ? found : 1;

    /// <summary>How long windows of a length are kept.</summary>
    public static TimeSpan Kept(int length, TimeSpan retention)
    {
        TimeSpan most = length switch
        {
            1 => TimeSpan.FromHours(2),
            10 => TimeSpan.FromDays(1),
            _ => TimeSpan.MaxValue,
        };
        return most < retention ? most : retention;
    }
}
