using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Reporting;

/// <summary>
/// The thread that empties the kernel's ring buffer: boot time becomes Unix time, observations become batches of at
/// most 4096, or what came in 200 ms.
/// </summary>
internal sealed class ObservationPump : IRecordSink
{
    private const int RecordsAtATime = 16_384;
    private const ulong LongestBatchNs = 200_000_000;
    private const ulong MeasureClocksEveryNs = 1_000_000_000;
    // The kernel programs wake us when 64 KiB wait; else this is how old a record gets.
    private static readonly TimeSpan s_comeBy = TimeSpan.FromMilliseconds(20);

    private readonly KernelDatapath _datapath;
    private readonly ObservationSpool _spool;
    private readonly Action<AddressPair> _unknownPair;
    private readonly Action<BusyFlow> _busyFlow;
    private readonly Observation[] _batch = new Observation[ObservationBatch.MaxCount];
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private ulong _batchNumber, _batchBeganNs;
    private volatile Life _life;
    private volatile bool _stopping;
    private long _seen;

    private sealed record Life(IncarnationId Incarnation);

    internal ObservationPump(
        KernelDatapath datapath, ObservationSpool spool, IncarnationId incarnation, Action<AddressPair> unknownPair, Action<BusyFlow> busyFlow)
    {
        (_datapath, _spool, _life, _unknownPair, _busyFlow) = (datapath, spool, new Life(incarnation), unknownPair, busyFlow);
        _thread = new Thread(Run) { IsBackground = true, Name = "pdm6 observations" };
    }

    /// <summary>Observations so far.</summary>
    internal long Seen => Interlocked.Read(ref _seen);

    /// <summary>Ends when the thread has ended; fails if it failed.</summary>
    internal Task Ended => _ended.Task;

    internal void Start() => _thread.Start();

    /// <summary>Batches are from now on those of another incarnation.</summary>
    internal void ContinueAs(IncarnationId incarnation) => _life = new Life(incarnation);

    /// <summary>Call when no program is attached any more: the ring is emptied; the spool is complete, whatever happens.</summary>
    internal Task StopAsync()
    {
        _stopping = true;
        return Ended;
    }

    public void Observed(in Observation observation)
    {
        if (_count == 0)
            _batchBeganNs = BootClock.NowNs;
        _batch[_count++] = observation;
        if (_count == _batch.Length)
            CloseBatch();
    }

    public void UnknownPair(in AddressPair pair) => _unknownPair(pair);

    public void Busy(in BusyFlow flow) => _busyFlow(flow);

    private void Run()
    {
        try
        {
            Pump();
            _ended.SetResult();
        }
        catch (Exception failure) // reaches who awaits the end: without this thread the agent cannot go on
        {
            _ended.SetException(failure);
        }
        finally
        {
            _spool.Complete(); // what is in it can still be delivered, also after a failure
        }
    }

    private void Pump()
    {
        long unixMinusBootNs = BootClock.UnixMinusBootNs();
        ulong measuredNs = BootClock.NowNs;
        while (true)
        {
            bool last = _stopping; // read before the ring is emptied, so that nothing can come after the last time
            if (!last)
                _datapath.WaitForRecords(s_comeBy);
            ulong now = BootClock.NowNs;
            if (now - measuredNs >= MeasureClocksEveryNs)
            {
                (unixMinusBootNs, measuredNs) = (BootClock.UnixMinusBootNs(), now);
                _datapath.SetUnixTime(unixMinusBootNs);
            }
            while (_datapath.DrainRecords(this, unixMinusBootNs, RecordsAtATime) == RecordsAtATime)
                ; // more are waiting
            if (_count > 0 && (last || now - _batchBeganNs >= LongestBatchNs))
                CloseBatch();
            if (last)
                return;
        }
    }

    private void CloseBatch()
    {
        byte[] octets = new byte[ObservationBatch.SizeOf(_batch.AsSpan(0, _count))];
        IncarnationId incarnation = _life.Incarnation;
        ObservationBatch.Write(octets, incarnation, _batchNumber++, _batch.AsSpan(0, _count));
        _spool.Add(new Batch(incarnation, octets, _count));
        Interlocked.Add(ref _seen, _count);
        _count = 0;
    }
}
