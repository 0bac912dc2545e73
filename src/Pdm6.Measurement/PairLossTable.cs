using System.Runtime.InteropServices;

namespace Pdm6.Measurement;

/// <summary>
/// Loss by what senders say they sent and what came (RFC 7680): sees the loss of one-packet flows and of tails, which
/// gaps in the numbers cannot show. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// The caller must not report epochs in which it was not yet listening: what came before it listened would count as
/// lost.
/// </remarks>
/// <param name="maxKeys">Keys kept at the same time; further ones are refused and counted.</param>
public sealed class PairLossTable(int maxKeys = 65_536)
{
    private readonly Dictionary<PairLossKey, Counts> _live = [];
    private readonly Dictionary<UInt128, long> _settledBefore = [];
    private readonly Dictionary<int, PairLoss> _settled = [];

    /// <summary>Calls that had no effect because the table was full.</summary>
    public ulong Refused { get; private set; }

    /// <summary>Calls that had no effect because their epoch was settled already.</summary>
    public ulong TooLate { get; private set; }

    /// <summary>Counts one distinct observed packet (<see cref="CountedPacket.IsDistinct"/>).</summary>
    public void CountDistinct(in PairLossKey key)
    {
        if (IsOpen(key))
            CollectionsMarshal.GetValueRefOrAddDefault(_live, key, out _).Distinct++;
    }

    /// <summary>
    /// Takes a sender's report of all options sent under this key so far. Reports may come in any order and more than
    /// once: the greatest counts.
    /// </summary>
    public void ReportSent(in PairLossKey key, ulong cumulative)
    {
        if (!IsOpen(key))
            return;
        ref Counts counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_live, key, out _);
        counts.Sent = Math.Max(counts.Sent, cumulative);
    }

    /// <summary>The loss of one tag, over all its keys.</summary>
    public PairLoss Of(int tag)
    {
        PairLoss loss = _settled.GetValueOrDefault(tag);
        foreach ((PairLossKey key, Counts counts) in _live)
        {
            if (key.Tag == tag)
                loss = loss.With(counts.Sent, counts.Distinct);
        }
        return loss;
    }

    /// <summary>
    /// Closes all epochs of a context before <paramref name="epochIndex"/>: their counts stay in the totals and change
    /// no more. To be called when the last report and the last observation of these epochs must have come;
    /// <see cref="long.MaxValue"/> closes the context.
    /// </summary>
    public void Settle(UInt128 context, long epochIndex)
    {
        if (_settledBefore.GetValueOrDefault(context, long.MinValue) >= epochIndex)
            return;
        foreach ((PairLossKey key, Counts counts) in _live)
        {
            if (key.Context != context || key.EpochIndex >= epochIndex)
                continue;
            _settled[key.Tag] = _settled.GetValueOrDefault(key.Tag).With(counts.Sent, counts.Distinct);
            _live.Remove(key);
        }
        if (_settledBefore.Count < maxKeys || _settledBefore.ContainsKey(context))
            _settledBefore[context] = epochIndex;
        else
            Refused++;
    }

    private bool IsOpen(in PairLossKey key)
    {
        if (_settledBefore.TryGetValue(key.Context, out long before) && key.EpochIndex < before)
        {
            TooLate++;
            return false;
        }
        if (_live.Count < maxKeys || _live.ContainsKey(key))
            return true;
        Refused++;
        return false;
    }

    private struct Counts
    {
        public ulong Sent;
        public ulong Distinct;
    }
}
