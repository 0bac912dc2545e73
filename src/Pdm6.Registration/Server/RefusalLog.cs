using Microsoft.Extensions.Logging;

namespace Pdm6.Registration.Server;

/// <summary>
/// Counts refusals, and logs the first of a kind at once and the others in one line a minute: whoever is refused often
/// cannot fill a disk. For any thread.
/// </summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>One more.</summary>
    /// <param name="code">Of <see cref="Contract.ErrorCodes"/>.</param>
    /// <param name="who">An address or a participant's name.</param>
    /// <param name="message">What it was told.</param>
    public void Add(string code, string who, string message)
    {
        long repeated;
        lock (_lock)
        {
            if (!_kinds.TryGetValue(code, out Kind? kind))
                _kinds.Add(code, kind = new Kind());
            kind.Total++;
            kind.Unsaid++;
            if (kind.SaidAt != 0 && time.GetElapsedTime(kind.SaidAt) < _period)
                return;
            kind.SaidAt = time.GetTimestamp();
            repeated = kind.Unsaid - 1;
            kind.Unsaid = 0;
        }
        if (repeated == 0)
            logger.LogWarning("Refused {Who} ({Code}): {Message}", who, code, message);
        else
            logger.LogWarning("Refused {Who} ({Code}), and {Repeated} more since the last line: {Message}", who, code, repeated, message);
    }

    /// <summary>How often, by code.</summary>
    public IReadOnlyList<(string Code, long Count)> Totals()
    {
        lock (_lock)
            return [.. _kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Value.Total))];
    }

    private sealed class Kind
    {
        public long Total, Unsaid, SaidAt;
    }
}
