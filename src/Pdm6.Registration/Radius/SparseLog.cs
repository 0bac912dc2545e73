namespace Pdm6.Registration.Radius;

/// <summary>A log for what strangers can cause as often as they like: one line a minute, with the number of those that
/// were not written.</summary>
/// <param name="log">Takes the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class SparseLog(Action<string> log, TimeProvider time)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _next;
    private long _unwritten;

    /// <summary>Writes the line, or counts it.</summary>
    public void Write(string line)
    {
        DateTimeOffset now = time.GetUtcNow();
        long unwritten;
        lock (_lock)
        {
            if (now < _next)
            {
                _unwritten++;
                return;
            }
            (unwritten, _unwritten, _next) = (_unwritten, 0, now + BetweenLines);
        }
        log(unwritten == 0 ? line : $"{line} (and {unwritten} like it before)");
    }
}
