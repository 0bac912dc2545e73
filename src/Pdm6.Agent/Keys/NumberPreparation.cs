using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Pdm6.Datapath;

namespace Pdm6.Agent.Keys;

/// <summary>
/// The thread that makes keystream ahead for busy flows (bpf/pdm6_lane.h). It sleeps while there are none. When it is
/// late, packets are sealed in place: it can cost speed, never a packet.
/// </summary>
internal sealed class NumberPreparation : IDisposable
{
    // What is prepared lasts 16 ms at a million packets a second: so long may the thread rest when nobody sent, or be late
    // when somebody does.
    // Looking more often would only take the flows' locks and cache lines away from their packets. Thread.Sleep counts
    // whole milliseconds: a part of one is no rest at all.
    private static readonly TimeSpan s_shortestRest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_shortestHold = TimeSpan.FromSeconds(1);

    private readonly NumberLanes _lanes;
    private readonly ConcurrentQueue<(BusyFlow Flow, INumberSource Source)> _offers = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile Exception? _failure;
    private long _prepared;

    internal NumberPreparation(NumberLanes lanes)
    {
        _lanes = lanes;
        _thread = new Thread(Run) { IsBackground = true, Name = "pdm6 keystream" };
        _thread.Start();
    }

    /// <summary>Numbers made so far.</summary>
    internal long Prepared => Interlocked.Read(ref _prepared);

    /// <summary>Why the thread ended by itself; null while it works. Packets are sealed in place then.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Gives a flow a lane if there is one. The source is taken over.</summary>
    internal void Offer(in BusyFlow flow, INumberSource source)
    {
        _offers.Enqueue((flow, source));
        _news.Release();
    }

    public void Dispose()
    {
        _stopping = true;
        _news.Release();
        _thread.Join();
        while (_offers.TryDequeue(out (BusyFlow, INumberSource Source) offer))
            offer.Source.Dispose();
        _lanes.Dispose();
        _news.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Kept for who asks; measuring goes on without this thread.")]
    private void Run()
    {
        try
        {
            TimeSpan rest = s_shortestRest;
            while (!_stopping)
            {
                if (_lanes.BoundCount == 0)
                    _news.Wait();
                while (_offers.TryDequeue(out (BusyFlow Flow, INumberSource Source) offer))
                    if (!_lanes.TryBind(offer.Flow, offer.Source, s_shortestHold))
                        offer.Source.Dispose();
                int prepared = _lanes.Refill(s_longestPause);
                Interlocked.Add(ref _prepared, prepared);
                rest = prepared > 0 ? s_shortestRest : rest < s_longestRest ? 2 * rest : s_longestRest;
                if (_lanes.BoundCount > 0)
                    Thread.Sleep(rest);
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }
}
