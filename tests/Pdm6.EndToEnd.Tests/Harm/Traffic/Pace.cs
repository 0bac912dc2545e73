using System.Diagnostics;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// Holds all traffic together to a number of packets a second: what is to be shown is that none is harmed, and agents that
/// get no processor do nothing that could.
/// </summary>
internal sealed class Pace : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly Func<long> _count;
    private readonly long _packetsPerSecond;
    private readonly Thread _thread; // not of the pool, which the traffic keeps busy
    private volatile bool _isAhead, _stop;

    /// <param name="count">Packets so far.</param>
    /// <param name="packetsPerSecond">How many there may be.</param>
    internal Pace(Func<long> count, long packetsPerSecond)
    {
        (_count, _packetsPerSecond) = (count, packetsPerSecond);
        _thread = new Thread(Keep) { IsBackground = true };
        _thread.Start();
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

    /// <summary>Lets everything go on that is under way.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Keep()
    {
        long began = Stopwatch.GetTimestamp(), first = _count();
        while (!_stop)
        {
            _isAhead = _count() - first > _packetsPerSecond * Stopwatch.GetElapsedTime(began).TotalSeconds;
            Thread.Sleep(s_look);
        }
        _isAhead = false;
    }
}
