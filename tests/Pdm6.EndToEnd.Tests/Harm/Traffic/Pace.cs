using System.Diagnostics;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// Holds all traffic together to a number of packets a second: what is to be shown is that none is harmed, and agents that
/// get no processor do nothing that could.
/// </summary>
/// <param name="count">Packets so far.</param>
/// <param name="packetsPerSecond">How many there may be.</param>
internal sealed class Pace(Func<long> count, long packetsPerSecond)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private volatile bool _isAhead;

    /// <summary>Compares until <paramref name="stop"/>.</summary>
    internal async Task KeepAsync(CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp(), first = count();
        while (!stop.IsCancellationRequested)
        {
            _isAhead = count() - first > packetsPerSecond * Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Task.Delay(s_look, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _isAhead = false; // what is under way comes to its end
    }

    /// <summary>Returns when there may be more.</summary>
    internal void Wait()
    {
        while (_isAhead)
            Thread.Sleep(s_look);
    }

    /// <inheritdoc cref="Wait"/>
    internal async Task WaitAsync()
    {
        while (_isAhead)
            await Task.Delay(s_look);
    }
}
