using Pdm6.Security;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Continues the 12-bit epochs of one flow over their wrap, for contexts whose timetable is not known: an epoch is taken as
/// the nearest to the highest that the flow has shown of its context. By flow, because hosts of a laboratory may share a base
/// secret, and each has its own timetable. Remembers two contexts: of the one before stragglers come.
/// </summary>
internal struct EpochContinuation
{
    private const int Epochs = (int)EpochTimetable.EpochCount;

    private ContextId _context, _contextBefore;
    /// <summary>The highest index of each; 0 for none.</summary>
    private long _highest, _highestBefore;

    /// <summary>Index of an epoch, never negative.</summary>
    public long IndexOf(ContextId context, ushort epoch)
    {
        if (_highest == 0 || context != _context)
        {
            long known = context == _contextBefore ? _highestBefore : 0;
            (_contextBefore, _highestBefore) = (_context, _highest);
            // One turn up, so that there are indexes for what is earlier.
            (_context, _highest) = (context, known > 0 ? known : Epochs + epoch);
        }
        int ahead = (epoch - (int)(_highest % Epochs) + Epochs + Epochs / 2) % Epochs - Epochs / 2;
        long index = _highest + ahead;
        _highest = Math.Max(_highest, index);
        return index;
    }
}
