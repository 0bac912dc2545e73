using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>
/// When an epoch of a sender may update state here: while it is current, and as a neighbour within 5 s of the change
/// plus the announced clock error bound (protocol reference, section 9). Pure.
/// </summary>
/// <param name="NotBeforeUnixNs">From then on.</param>
/// <param name="NotAfterUnixNs">Until then.</param>
public readonly record struct ReceivingWindow(ulong NotBeforeUnixNs, ulong NotAfterUnixNs)
{
    /// <summary>How far from the change of epochs a neighbour is still taken, beside the clock error bound.</summary>
    public const ulong NeighbourSlackNs = 5_000_000_000;

    /// <summary>The window of one index. It never reaches past the neighbouring epochs, however short epochs are.</summary>
    public static ReceivingWindow Of(EpochTimetable timetable, ulong clockErrorBoundNs, long index)
    {
        ArgumentNullException.ThrowIfNull(timetable);
        ulong slack = NeighbourSlackNs + clockErrorBoundNs;
        ulong start = timetable.StartOf(index), end = timetable.StartOf(index + 1);
        return new ReceivingWindow(
            Math.Max(start - Math.Min(start, slack), timetable.StartOf(index - 1)),
            Math.Min(end + slack, timetable.StartOf(index + 2)));
    }

    /// <summary>
    /// The indices whose windows are open at an instant or will be within <paramref name="aheadNs"/>: their keys must
    /// be in the kernel.
    /// </summary>
    public static IEnumerable<long> IndicesAt(EpochTimetable timetable, ulong clockErrorBoundNs, ulong unixNs, ulong aheadNs)
    {
        ArgumentNullException.ThrowIfNull(timetable);
        // Windows reach into the neighbours at most, so these can be open.
        long first = Math.Max(0, timetable.IndexAt(unixNs) - 1);
        long last = Math.Min(timetable.Count - 1, timetable.IndexAt(unixNs + aheadNs) + 1);
        for (long index = first; index <= last; index++)
        {
            ReceivingWindow window = Of(timetable, clockErrorBoundNs, index);
            if (window.NotBeforeUnixNs <= unixNs + aheadNs && unixNs < window.NotAfterUnixNs)
                yield return index;
        }
    }
}
