using Pdm6.Wire;

namespace Pdm6.Registration.Addresses;

/// <summary>
/// How many address checks are answered: 5 in a second for each source /64, with a burst of 20, and 200 with a burst of
/// 400 for all, so that asking costs a host next to nothing of its processor. Memory does not grow with the number of
/// sources: those that fall together share. Not for several threads.
/// </summary>
/// <param name="time">Measures.</param>
internal sealed class AddressCheckRates(TimeProvider time)
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
        return ours.TryTake(now, perSecond: 5, burst: 20) && _all.TryTake(now, perSecond: 200, burst: 400);
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
