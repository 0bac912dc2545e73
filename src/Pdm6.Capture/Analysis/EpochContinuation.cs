using Pdm6.Security;

namespace Pdm6.Capture.Analysis;

/// <summary>
/// Continues 12-bit epochs over their wrap, for contexts whose timetable is not known: an epoch is taken as the nearest
/// to the highest that the context has shown.
/// </summary>
internal sealed class EpochContinuation
{
    private const int Epochs = (int)EpochTimetable.EpochCount;

    private readonly Dictionary<ContextId, long> _highest = [];
    private ContextId _lastContext;
    private long _lastHighest = -1;

    /// <summary>Index of an epoch, never negative.</summary>
    public long IndexOf(ContextId context, ushort epoch)
    {
        bool isLast = _lastHighest >= 0 && context == _lastContext;
        if (!isLast && !_highest.TryGetValue(context, out _lastHighest))
            // One turn up, so that there are indexes for what is earlier.
            _lastHighest = Epochs + epoch;
        _lastContext = context;
        int ahead = (epoch - (int)(_lastHighest % Epochs) + Epochs + Epochs / 2) % Epochs - Epochs / 2;
        long index = _lastHighest + ahead;
        if (ahead > 0)
            _lastHighest = index;
        if (ahead > 0 || !isLast)
            _highest[context] = _lastHighest;
        return index;
    }
}
