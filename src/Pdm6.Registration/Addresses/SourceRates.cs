using Pdm6.Wire;

namespace Pdm6.Registration.Addresses;

/// <summary>
/// How many questions are answered: a rate for each source /64 and one for all, each with a burst, so that asking costs a
/// host next to nothing of its processor. Memory does not grow with the number of sources: those that fall together
/// share. Not for several threads.
/// </summary>
/// <param name="time">Measures.</param>
/// <param name="perSecond">Answers to one source /64.</param>
/// <param name="perSecondToAll">Answers in all.</param>
/// <param name="burst">To one source /64 at once.</param>
/// <param name="burstToAll">In all at once.</param>
public sealed class SourceRates(TimeProvider time, double perSecond, double burst, double perSecondToAll, double burstToAll)
{
    private const int SourceCount = 4096;

    // Who knew which sources fall together could silence one with another.
    private readonly int _seed = Random.Shared.Next();
    private readonly Bucket[] _sources = new Bucket[SourceCount];
    private Bucket _all;

    /// <summary>True if a request from this source may be answered now, and counts it.</summary>
    public bool Admit(Ipv6Address source)
    {
        double now = time.GetElapsedTime(0).TotalSeconds;
        ulong network = (ulong)(source.Value >> 64);
        ref Bucket ours = ref _sources[(uint)HashCode.Combine(_seed, network) % SourceCount];
        return ours.TryTake(now, perSecond, burst) && _all.TryTake(now, perSecondToAll, burstToAll);
    }

    /// <summary>Holds what was used, which drains away; new ones are empty.</summary>
    private struct Bucket
    {
        private double _used;
        private double _lastSeconds;

        public bool TryTake(double nowSeconds, double perSecond, double burst)
        {
            _used = Math.Max(0, _used - (nowSeconds - _lastSeconds) * perSecond);
            _lastSeconds = nowSeconds;
            if (_used + 1 > burst)
                return false;
            _used++;
            return true;
        }
    }
}
