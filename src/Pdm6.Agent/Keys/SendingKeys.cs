using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>
/// Keeps the right epoch in the kernel: prepares the next one ahead, publishes it at its instant, sweeps the flow
/// table, and begins a new context before the old one ends. Serials rise by one at each publication, across contexts.
/// For one thread at a time.
/// </summary>
internal sealed class SendingKeys : IDisposable
{
    /// <summary>Begins a context whose first epoch begins at a boot time.</summary>
    internal delegate SendingContext BeginContext(ulong firstInstantBootNs);

    /// <summary>True if packets of a pair may be sealed in a context: whoever must open them was told how.</summary>
    internal delegate bool MaySeal(Announcement context, AddressPair pair);

    // A successor is announced so long before it is used: time for everybody to hear of it.
    private const ulong AnnounceAheadNs = 30_000_000_000;

    private readonly KernelDatapath _datapath;
    private readonly BeginContext _begin;
    private readonly SendingPairs _pairs;
    private readonly MaySeal _maySeal;
    private readonly PathTable? _paths;
    private readonly byte[] _packed = GC.AllocateArray<byte>(KernelDatapath.PackedKeySize, pinned: true);
    private SendingContext? _successor;
    private PublishedEpoch? _prepared;
    private ulong _serial;

    /// <param name="datapath">Takes the keys.</param>
    /// <param name="begin">Begins contexts.</param>
    /// <param name="pairs">Which pairs get a key.</param>
    /// <param name="maySeal">Which of them may have one.</param>
    /// <param name="paths">Holds what the pairs' paths carry; null if nobody watches them.</param>
    internal SendingKeys(KernelDatapath datapath, BeginContext begin, SendingPairs pairs, MaySeal maySeal, PathTable? paths = null)
    {
        (_datapath, _begin, _pairs, _maySeal, _paths) = (datapath, begin, pairs, maySeal, paths);
        Context = begin(BootClock.NowNs);
        Advance(BootClock.NowNs);
    }

    /// <summary>The context in use.</summary>
    internal SendingContext Context { get; private set; }

    /// <summary>The epoch in use.</summary>
    internal PublishedEpoch Current { get; private set; } = null!; // the constructor publishes the first

    /// <summary>The context in use, and its successor once there is one.</summary>
    internal IReadOnlyList<SendingContext> Contexts => _successor is null ? [Context] : [Context, _successor];

    /// <summary>The newest announcement: of the successor, once there is one.</summary>
    internal Announcement NewestAnnouncement => (_successor ?? Context).Announcement;

    /// <summary>True if no other pair can have a key, now or in the next epoch.</summary>
    internal bool IsFull => _pairs.IsFull || IsFullIn(Current);

    /// <summary>When <see cref="Advance"/> will have something to do, boot clock.</summary>
    internal ulong NextChangeNs => Math.Min(Context.Schedule.StartOf(Current.Index + 1), Context.Schedule.EndNs);

    /// <summary>Publishes the epoch that is due; null if that is in use already.</summary>
    internal EpochChange? Advance(ulong nowNs)
    {
        BeginSuccessorIfDue(nowNs);
        if (nowNs >= Context.Schedule.EndNs)
        {
            Context.Dispose();
            // The successor's time may have passed as well, after a long suspension.
            Context = _successor is not null && _successor.Schedule.IndexAt(nowNs) is not null ? _successor : _begin(nowNs);
            if (_successor != Context)
                _successor?.Dispose();
            _successor = null;
        }
        long index = Context.Schedule.IndexAt(nowNs)!.Value;
        return Current is not null && Current.Context == Context.Announcement && Current.Index == index ? null : Publish(index);
    }

    /// <summary>Gives every pair that should have one a key, in the epoch in use and in the prepared one.</summary>
    internal void AddMissingPairs()
    {
        foreach (AddressPair pair in _pairs.All)
            AddToLiveEpochs(pair);
    }

    /// <summary>A packet had no key: gives its pair one, if policy allows.</summary>
    internal void Request(AddressPair pair)
    {
        if (_pairs.TryRequest(pair))
            AddToLiveEpochs(pair);
    }

    /// <summary>What makes the keystream of a flow in the epoch in use; false if the flow is in another one.</summary>
    internal bool TryPrepare(in BusyFlow busy, [NotNullWhen(true)] out PreparedNumbers? numbers)
    {
        bool isCurrent = busy.Serial == Current.Keys.Serial && Current.Context == Context.Announcement;
        numbers = isCurrent ? Context.Prepare(busy.Flow, Current.Keys.Epoch, busy.Carriage) : null;
        return isCurrent;
    }

    /// <summary>Unix time was set: what was announced no longer tells receivers when epochs change. Ends the context
    /// after the next epoch; a successor with the right times follows.</summary>
    internal void EndContextEarly() => Context.EndAfter(Current.Index + 1);

    /// <summary>Somebody who was given keys of these contexts shall have none any more: another context takes over at an
    /// instant, which is when those who shall have its keys can have been told. A successor that was begun goes unused.</summary>
    /// <param name="bootNs">Not before now.</param>
    internal void ReplaceContextAt(ulong bootNs)
    {
        Context.EndAt(bootNs);
        _successor?.Dispose();
        _successor = _begin(Context.Schedule.EndNs);
    }

    public void Dispose()
    {
        _prepared?.Keys.Dispose();
        _successor?.Dispose();
        Context.Dispose();
        CryptographicOperations.ZeroMemory(_packed);
    }

    private void BeginSuccessorIfDue(ulong nowNs)
    {
        EpochSchedule schedule = Context.Schedule;
        ulong due = schedule.EndNs - Math.Min(AnnounceAheadNs, schedule.LengthNs);
        if (_successor is null && nowNs >= due && nowNs < schedule.EndNs)
            _successor = _begin(schedule.EndNs);
    }

    private EpochChange Publish(long index)
    {
        PublishedEpoch next = TakePrepared(Context, index) ?? Prepare(Context, index);
        _serial = next.Keys.Serial;
        SendingEpoch? unused = _datapath.Publish(next.Keys);
        (PublishedEpoch? former, Current) = (Current, next);
        IReadOnlyList<SealedCount> counts = unused?.ReadSealed() ?? [];
        unused?.Dispose();
        _pairs.EndEpoch(counts.Select(count => count.Pair).ToHashSet());
        // Flows that took a number in the former epoch, or were used since it began, stay
        SweepResult swept = former is null ? default : _datapath.Sweep(former.Keys.Serial, former.StartNs);
        PrepareNext();
        _paths?.Keep(Current.Keys.Pairs.Concat(_prepared?.Keys.Pairs ?? []).ToHashSet());
        return new EpochChange(former?.Context, former?.Index ?? 0, counts, Context.Announcement, swept);
    }

    private void PrepareNext()
    {
        if (Current.Index + 1 < Context.Schedule.Count)
            _prepared = Prepare(Context, Current.Index + 1);
    }

    private PublishedEpoch? TakePrepared(SendingContext context, long index)
    {
        (PublishedEpoch? prepared, _prepared) = (_prepared, null);
        if (prepared is null || prepared.Context == context.Announcement && prepared.Index == index)
            return prepared;
        prepared.Keys.Dispose(); // its time has passed unseen
        return null;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The epoch is the caller's.")]
    private PublishedEpoch Prepare(SendingContext context, long index)
    {
        EpochSchedule schedule = context.Schedule;
        SendingEpoch keys = _datapath.PrepareEpoch(
            _serial + 1, schedule.EpochOf(index), schedule.DeadlineOf(index), context.HasFrames);
        PublishedEpoch epoch = new(context.Announcement, index, schedule.StartOf(index), keys);
        foreach (AddressPair pair in _pairs.All)
            Add(context, epoch, pair);
        return epoch;
    }

    private void AddToLiveEpochs(AddressPair pair)
    {
        Add(Context, Current, pair);
        if (_prepared is not null)
            Add(Context, _prepared, pair);
    }

    private bool IsFullIn(PublishedEpoch epoch) => epoch.Keys.PairCount >= _pairs.Limit;

    private void Add(SendingContext context, PublishedEpoch epoch, AddressPair pair)
    {
        // Pairs that are wanted no more stay until their epoch ends, so an epoch may be full before the wanted ones are in.
        if (epoch.Keys.Contains(pair) || IsFullIn(epoch) || !_maySeal(context.Announcement, pair))
            return;
        context.AddKeys(pair, epoch.Keys, _paths?.IndexOf(pair) ?? 0, _packed);
    }
}
