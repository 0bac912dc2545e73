namespace Pdm6.Probe.Reflecting;

/// <summary>
/// How long a reply takes from the reading of its send time to the interface: sealing, the system call, the kernel's way
/// down. Replies carry their send time with this added, so that the reflector's own time ends where the network begins.
/// It is the shortest that the kernel's stamps of late showed: a reply must not seem to leave later than it does.
/// </summary>
internal sealed class SendLag
{
    private const int Remembered = 8, Least = 4;
    private const long LongestNs = 1_000_000;

    private readonly long[] _latest = new long[Remembered];
    private int _count;

    /// <summary>The lag, nanoseconds; 0 as long as there are too few stamps.</summary>
    internal long Ns { get; private set; }

    /// <summary>A stamp shows that a reply took so long.</summary>
    internal void Add(long lagNs)
    {
        if (lagNs is <= 0 or > LongestNs)
            return;
        _latest[_count++ % Remembered] = lagNs;
        if (_count < Least)
            return;
        Ns = lagNs;
        for (int i = 0; i < Math.Min(_count, Remembered); i++)
            Ns = Math.Min(Ns, _latest[i]);
        if (_count == 2 * Remembered)
            _count = Remembered; // full, and at the same place
    }
}
